"""Staff, signed in, each as his browser does it: every form is sent again until a page answers."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from tests.channels.feeders.base import Feeder, dumped, user
from tests.channels.pages import Browser, hidden
from tests.paper import scans

SIGNATURE = json.dumps([[[x, 500 + round(300 * math.sin(x / 120))] for x in range(200, 2800, 60)]])


@dataclass
class Clerk(Feeder):
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.name)

    @property
    def setup(self) -> str:  # type: ignore[override]
        return user(self.name, "agent", "triager")


class Counter(Clerk):
    """A visit: written, read over, signed; the receipt acknowledges it."""

    where = {"channel": "walkin", "walkin__by__username": "counter"}

    def send(self, client: httpx.Client, n: int) -> bool:
        browser, place = self.browser, f"/counter/{self.key(n)}/"
        page = browser.get(client, "/counter/")
        page = browser.post(client, "/counter/begin/", page, {"key": self.key(n)})
        if page.url.path == place:
            said = {"name": f"客户{n}", "phone": f"134{n:08d}", "text": self.words(n)}
            page = browser.post(client, place, page, said)
        if page.url.path == f"{place}read/":
            said = {"digest": hidden(page.text)["digest"], "strokes": SIGNATURE}
            for _press in range(1 + n % 2):  # every other one presses the key twice
                done = browser.post(client, f"{place}sign/", page, said)
            page = done
        assert page.url.path == f"{place}receipt/", page.url
        return True


@dataclass
class Registration(Clerk):
    """受理登记: kept as a draft with a file while it is written, then registered."""

    where = {"intake__via": "staff", "channel": "phone"}
    uploaded: set[int] = field(default_factory=set, init=False)

    def send(self, client: httpx.Client, n: int) -> bool:
        browser, key = self.browser, self.key(n)
        page = browser.get(client, "/registration/")
        said = {"channel": "phone", "phone": f"132{n:08d}", "text": self.words(n), "wanted": "退款"}
        browser.post(client, f"/registration/drafts/{key}/", page, said)
        if n not in self.uploaded:  # chosen once; it is in the form however often that is sent
            upload = {"files": (f"{n}.png", scans.picture("PNG", mark=n % 9), "image/png")}
            browser.post(client, f"/registration/drafts/{key}/files/", page, {}, upload)
            self.uploaded.add(n)
        done = browser.post(client, "/registration/", page, {**said, "key": key})
        assert done.url.path.endswith("/done/"), done.text[-3000:]
        return True


class Posts(Clerk):
    """Posts about us, brought by file: read, shown, taken when he says yes."""

    where = {"posts__platform": "微博"}

    def send(self, client: httpx.Client, n: int) -> bool:
        browser = self.browser
        post = {"platform": "微博", "id": f"p{n}", "author_id": f"a{n}", "text": self.words(n)}
        file = dumped([{**post, "at": datetime(2026, 11, 1, tzinfo=UTC).isoformat()}])
        page = browser.get(client, "/posts/import/")
        upload = {"file": (f"{n}.json", file, "application/json")}
        shown = browser.post(client, "/posts/import/", page, {}, upload)
        done = browser.post(client, shown.url.path, shown, {"row": "0"})
        assert done.url.path == "/posts/", done.url
        return True
