"""What a browser does: forms with their hidden fields, a session, redirects that are followed."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

import httpx

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
Uploads = dict[str, tuple[str, bytes, str]]


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


class Lost(httpx.HTTPError):
    """The house died over it: the page does not come, and whoever waits presses the key again."""


@dataclass
class Browser:
    """Of one person, in several tabs at once."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, client: httpx.Client, path: str) -> httpx.Response:
        self._sign_in(client)
        return self._asked(client, client.get(path, headers=self._headers()))

    def post(
        self,
        client: httpx.Client,
        path: str,
        page: httpx.Response,
        said: dict[str, str],
        files: Uploads | None = None,
    ) -> httpx.Response:
        """A form of that page, sent; where one is then."""
        token = hidden(page.text)["csrfmiddlewaretoken"]
        told = {"csrfmiddlewaretoken": token, **said}
        answer = client.post(path, data=told, files=files, headers=self._headers())
        return self._asked(client, answer)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _asked(self, client: httpx.Client, answer: httpx.Response) -> httpx.Response:
        """The page where it leads to. httpx would go there without our cookies."""
        while answer.is_redirect:
            answer = client.get(answer.headers["Location"], headers=self._headers())
        if answer.status_code >= 500:
            raise Lost(f"{answer.status_code}")
        assert answer.status_code < 400, f"{answer.url} {answer.status_code} {answer.text[-3000:]}"
        return answer

    def _sign_in(self, client: httpx.Client) -> None:
        with self.lock:
            if self.cookies:
                return
            client.cookies.clear()
            page = self._asked(client, client.get("/sign-in/"))
            said = {"username": self.name, "password": "correct horse"}
            done = client.post("/sign-in/", data=hidden(page.text) | said)
            if done.status_code != 302:
                raise Lost(f"{done.status_code}")
            self.cookies = dict(client.cookies)
            client.cookies.clear()
