"""Hostile HTML in every field of a mail, shown in Chromium: nothing runs, nothing is fetched.

`PAYLOADS=FOLDER python3 dev.py test --no-checks -n 1 tests/browser/test_payloads.py -s` does the
same with every payload of a folder (JSON lists of {"payload": …}; with LINES=1 also each line of
its text files) and makes the figure of docs/reliability.md. The collections are not ours.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Page, Request, expect

from tests.browser.conftest import House

OWN = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg><details open ontoggle=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror=alert(1)>'>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe><object data='data:x'>",
    "<style>@import 'https://evil.example/a';body{background:url(//evil.example/b)}</style>",
    "<img src=https://evil.example/p srcset='//evil.example/q 2x'><base href=//evil.example>",
    "<form action=//evil.example><button autofocus onfocus=alert(1)>好</button></form>",
    "<a href='jav&#x09;ascript:alert(1)'>点</a><meta http-equiv=refresh content=0;//evil.example>",
)
ARRIVE = """
import json
from email.message import EmailMessage
from huiyin.ground import moment
from huiyin.journey.channels.mail.actions import arrive
from huiyin.journey.channels.mail.models import Mail
plain = lambda text, most: " ".join(text.split())[:most]
for n, payload in enumerate(json.load(open({path!r}))):
    made = EmailMessage()
    made["From"] = f"u{{n}}@payloads.example"
    made["To"] = "service@example.com"
    made["Subject"] = plain(payload, 300).encode("utf-8", "replace").decode() or "x"
    made["Message-ID"] = f"<payload-{{n}}-{mark}@payloads.example>"
    made.set_content(payload.encode("utf-8", "replace").decode() + " 电饭煲坏了")
    html = "<p>前" + str(n) + "</p>" + payload + "<p>后</p>"
    made.add_alternative(html.encode("utf-8", "replace").decode(), subtype="html")
    raw, now = made.as_bytes(), moment.now()
    mail = Mail.objects.create(raw=raw, size=len(raw), sha256="", received_at=now,
        next_try_at=now, tries=1, source="imap")
    arrive(mail)
    mail.refresh_from_db()
    assert mail.complaint, (n, mail.state, mail.reason)
    print(n, mail.pk, mail.complaint.number)
"""
CATCH = """
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { console.error("PAYLOAD RAN"); };
"""
PLACEHOLDER = re.compile(r"%js_uri_\w+%|%js_\w+%|%\w+_path\w*%")


def payloads() -> list[str]:
    folder = os.environ.get("PAYLOADS")
    if not folder:
        return list(OWN)
    found = []
    for path in sorted(Path(folder).rglob("*.json")):
        found += [one["payload"] for one in json.loads(path.read_text())]
    if os.environ.get("LINES"):
        for path in sorted(Path(folder).rglob("*.txt")):
            found += [line for line in path.read_text(errors="replace").splitlines() if line]
    return [PLACEHOLDER.sub(_filled, one) for one in found]


def _filled(place: re.Match[str]) -> str:
    if place[0].endswith("_path%"):
        return "https://evil.example/x"
    return "javascript:alert(1)" if "_uri_" in place[0] else "alert(1)"


def test_no_payload_runs_or_fetches_anything(house: House, tmp_path: Path):
    asked = payloads()
    file = tmp_path / "payloads.json"
    file.write_text(json.dumps(asked))
    made = house.do(ARRIVE.format(path=str(file), mark=tmp_path.name))
    rows = [line.split() for line in made.splitlines() if line]
    assert len(rows) == len(asked)

    page = house.enter("gao").page
    page.context.add_init_script(CATCH)
    ran: list[str] = []
    left: list[str] = []
    page.context.on("console", lambda said: ran.append(said.text) if "RAN" in said.text else None)
    page.context.on("dialog", lambda dialog: _dismiss(dialog, ran))
    page.context.on("request", lambda request: _note(request, left))
    for n, pk, number in rows:
        _look_at(house, page, n, pk, number)
    sys.stderr.write(
        f"{len(rows)} payloads shown, {len(ran)} executions, {len(left)} foreign requests\n"
    )
    assert (ran, left) == ([], [])
    # What a frame without scripts refuses is told on the console; that is its answer, no fault.
    house.faults[:] = [fault for fault in house.faults if "left the house" in fault]


def _dismiss(dialog: Dialog, ran: list[str]) -> None:
    ran.append(dialog.message)
    dialog.dismiss()


def _note(request: Request, left: list[str]) -> None:
    parts = urlsplit(request.url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
        left.append(request.url)


def _look_at(house: House, page: Page, n: str, pk: str, number: str) -> None:
    """The story with its words, and the original as its writer meant it to look."""
    page.goto(f"{house.url}/complaints/{number}/")
    page.get_by_role("button", name="查看原邮件").first.click()
    frame = page.frame_locator("#mail-original iframe")
    expect(frame.get_by_text(f"前{n}", exact=True)).to_be_visible()
    assert (
        frame.locator("script, iframe, object, embed, form, base, meta[http-equiv=refresh]").count()
        == 0
    )
    assert urlsplit(page.url).path == f"/complaints/{number}/"
