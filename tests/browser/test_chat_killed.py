"""The web process is killed while visitors speak: what was acknowledged is there, what was sent
again is one line."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit

from tests.browser.conftest import ROOT, House, _free_port, _wait_for

SCENE = """
from datetime import timedelta
from huiyin.ground import moment
from huiyin.ground.people.models import hashed
from huiyin.journey.channels.chat.models import Chat, Site
site, _made = Site.objects.get_or_create(code="killed", defaults=dict(name="x"))
now = moment.now()
chat = Chat.objects.create(site=site, token_hash=hashed({token!r}), state="waiting", asked_at=now,
    waits_since=now, first_due_at=now, last_line_at=now, visitor_line_at=now, visitor_here_at=now)
"""
KEPT = """
import json
from huiyin.ground.people.models import hashed
from huiyin.journey.channels.chat.models import Chat
chat = Chat.objects.get(token_hash=hashed({token!r}))
print(json.dumps(list(chat.lines.order_by("pk").values_list("text", flat=True))))
"""
LINES, DEATHS = 60, 4


def serve(house: House) -> tuple[subprocess.Popen[bytes], str]:
    port = _free_port()
    argv = [sys.executable, "-m", "granian", "huiyin.asgi:application", "--interface", "asginl"]
    argv += ["--no-ws", "--port", str(port), "--log-level", "critical"]
    web = subprocess.Popen(argv, env=house.env, cwd=ROOT, start_new_session=True)
    _wait_for(port)
    return web, f"http://127.0.0.1:{port}"


def kill(web: subprocess.Popen[bytes]) -> None:
    """With its worker, at once: kill -9 of the whole group that we started."""
    os.killpg(web.pid, signal.SIGKILL)
    web.wait(20)


def say(url: str, token: str, text: str, client: str) -> bool:
    """Whether it was acknowledged."""
    try:
        web = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        body = json.dumps({"text": text, "client": client})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        web.request("POST", "/chat/killed/lines/", body, headers)
        return web.getresponse().status == 201
    except (OSError, http.client.HTTPException):
        return False


def test_killed_in_the_middle_nothing_is_lost_or_doubled(house: House):
    token = secrets.token_urlsafe(32)
    house.do(SCENE.format(token=token))
    web, url = serve(house)
    deaths = 0
    try:
        for number in range(LINES):
            client, text = str(uuid.uuid4()), f"第 {number} 句"
            if number % (LINES // DEATHS) == LINES // DEATHS // 2:
                # Sent, and killed before anybody can have read the answer; then sent again.
                racing = threading.Thread(target=say, args=(url, token, text, client))
                racing.start()
                time.sleep(0.004 * deaths)
                kill(web)
                racing.join(20)
                deaths += 1
                web, url = serve(house)
            while not say(url, token, text, client):
                time.sleep(0.1)
    finally:
        kill(web)
    assert deaths == DEATHS
    kept = json.loads(house.do(KEPT.format(token=token)))
    assert kept == [f"第 {number} 句" for number in range(LINES)]
