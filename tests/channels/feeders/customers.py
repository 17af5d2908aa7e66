"""Customers by themselves: the form of the portal, a mail, a chat on a shop's page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

import httpx

from tests.channels.feeders.base import TAKEN, WRONG, Feeder
from tests.channels.pages import hidden
from tests.mail import imap
from tests.mail.letters import mail


class Portal(Feeder):
    """The customer's own form, as a browser sends it: the key of the form makes it once."""

    def send(self, client: httpx.Client, n: int) -> bool:
        client.cookies.clear()
        address = {"X-Forwarded-For": f"100.64.{n // 250}.{n % 250 + 1}"}
        page = client.get("/portal/complain/", headers=address)
        if page.status_code != 200:
            return False
        body = hidden(page.text) | {
            "key": self.key(n),
            "text": self.words(n),
            "wanted": "退款",
            "phone": f"137{n:08d}",
            "consent": "on",
        }
        answer = client.post("/portal/complain/", data=body, headers=address)
        assert answer.status_code != 422, answer.text[-3000:]
        return answer.status_code == 302


@dataclass
class Mail(Feeder):
    """A real IMAP server: what it holds is acknowledged when it is flagged there."""

    server: imap.Server
    where = {"channel": "email"}

    @property
    def setup(self) -> str:  # type: ignore[override]
        return (
            "from huiyin.ground.sealing import seal\n"
            "from huiyin.journey.channels.mail.models import Mailbox\n"
            f"Mailbox.objects.create(address={imap.USER!r}, imap_host='127.0.0.1', "
            f"imap_port={self.server.port}, imap_security='none', secret=seal({imap.PASSWORD!r}))"
        )

    def send(self, client: httpx.Client, n: int) -> bool:
        raw = mail(self.words(n), Message_ID=f"<{n}@x>", From=f"u{n}@example.net")
        self.server.deliver(raw)
        return True

    def waits(self, house: object) -> bool:
        return self.server.unseen() > 0


class Chats(Feeder):
    """A visitor with a token of his own browser: begins, and says one thing more."""

    origin = "https://shop.example.com"
    setup = (
        "from huiyin.ground.people.models import Team\n"
        "from huiyin.journey.channels.chat.models import Site\n"
        f"Site.objects.create(code='harness', name='云朵商城', origins=[{origin!r}], "
        "team=Team.objects.first(), calendar_code='always', privacy_zh='说明', "
        "privacy_en='told', privacy_version='1')"
    )
    query = (  # type: ignore[assignment]
        "from huiyin.journey.channels.chat.models import Line\n"
        "said = Line.objects.filter(kind='visitor').exclude(text='您好')\n"
        "told = list(said.values_list('text', flat=True))"
    )

    def send(self, client: httpx.Client, n: int) -> bool:
        token = base64.urlsafe_b64encode(hashlib.sha256(self.key(n).encode()).digest())
        headers = {
            "Authorization": f"Bearer {token.decode().rstrip('=')}",
            "Origin": self.origin,
            "X-Forwarded-For": f"100.65.{n // 250}.{n % 250 + 1}",
        }
        begin = {"text": "您好", "client": self.key(-1 - n), "privacy_version": "1"}
        said = {"text": self.words(n), "client": self.key(n)}
        for place, told in (("begin", begin), ("lines", said)):
            answer = client.post(f"/chat/harness/{place}/", json=told, headers=headers)
            assert answer.status_code not in WRONG, answer.text
            if answer.status_code not in TAKEN:
                return False
        return True
