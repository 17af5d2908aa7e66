"""Who writes by each channel: sends until it is acknowledged, and now and then once more.

A feeder prepares what it needs (once, code that runs in the house), sends the message n until
`acknowledged`, and says what there must be in the end: each `words(n)` exactly once.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.channels.house import House
from tests.mail import imap
from tests.mail.letters import mail

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
COMPLAINTS = """
import json
from huiyin.journey.complaint.models import Complaint
found = Complaint.objects.filter(channel={channel!r}).values_list("text", flat=True)
print(json.dumps([text.rpartition("\\n")[2] for text in found]))
"""


@dataclass
class Feeder:
    name: str
    channel: str
    told: dict[str, Any] = field(default_factory=dict)

    def prepare(self, house: House) -> None:
        """Whatever must be there before the first message."""

    def words(self, n: int) -> str:
        return f"{self.name} 第 {n} 件事：电饭煲坏了，要求退款"

    def send(self, client: httpx.Client, n: int) -> bool:
        """Whether it was acknowledged. May be called again with the same n, whatever came of it."""
        raise NotImplementedError

    def found(self, house: House) -> list[str]:
        """The words of every message that is in the house, as often as it is there."""
        return list(house.told(COMPLAINTS.format(channel=self.channel)))


class Api(Feeder):
    def prepare(self, house: House) -> None:
        self.told = house.told(
            "import json\n"
            "from huiyin.ground.people.models import ApiToken, User\n"
            "from huiyin.ground.people.words import Role\n"
            "robot = User.objects.create_user('robot', 'correct horse', name='接口', "
            "roles=[Role.AGENT, Role.TRIAGER])\n"
            "print(json.dumps({'token': ApiToken.issue(robot, 'harness')[1]}))"
        )

    def send(self, client: httpx.Client, n: int) -> bool:
        body = {
            "channel": "api",
            "contact": {"phone": f"138{n:08d}"},
            "text": self.words(n),
        }
        headers = {
            "Authorization": f"Bearer {self.told['token']}",
            "Idempotency-Key": f"harness-{n}",
        }
        answer = client.post("/api/v1/complaints", json=body, headers=headers)
        assert answer.status_code in (200, 201, 409, 500, 502, 503), answer.text
        return answer.status_code in (200, 201)


class Portal(Feeder):
    """The customer's own form, as a browser sends it: the key of the form makes it once."""

    def send(self, client: httpx.Client, n: int) -> bool:
        client.cookies.clear()
        address = {"X-Forwarded-For": f"100.64.{n // 250}.{n % 250 + 1}"}
        page = client.get("/portal/complain/", headers=address)
        if page.status_code != 200:
            return False
        body = dict(HIDDEN.findall(page.text)) | {
            "key": str(uuid.uuid5(uuid.NAMESPACE_URL, f"harness/{n}")),
            "text": self.words(n),
            "wanted": "退款",
            "phone": f"137{n:08d}",
            "consent": "on",
        }
        answer = client.post("/portal/complain/", data=body, headers=address)
        assert answer.status_code != 422, answer.text[-3000:]
        return answer.status_code == 302


class Mail(Feeder):
    """A real IMAP server: what it holds is acknowledged when it is flagged there."""

    server: imap.Server

    def prepare(self, house: House) -> None:
        house.do(
            "from huiyin.ground.sealing import seal\n"
            "from huiyin.journey.channels.mail.models import Mailbox\n"
            f"Mailbox.objects.create(address={imap.USER!r}, imap_host='127.0.0.1', "
            f"imap_port={self.server.port}, imap_security='none', secret=seal({imap.PASSWORD!r}))"
        )

    def send(self, client: httpx.Client, n: int) -> bool:
        raw = mail(self.words(n), Message_ID=f"<{n}@x>", From=f"u{n}@example.net")
        self.server.deliver(raw)
        return True


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
