"""Who writes by each channel: sends until it is acknowledged, and now and then once more.

A feeder prepares what it needs (once, code that runs in the house), sends the message n until
`acknowledged`, and says what there must be in the end: each `words(n)` exactly once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from huiyin.ground.webhooks.rules import signing
from tests.channels.house import House
from tests.mail import imap
from tests.mail.letters import mail
from tests.paper import scans

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
COMPLAINTS = """
import json
from huiyin.journey.complaint.models import Complaint
found = Complaint.objects.filter(channel={channel!r}).values_list("text", flat=True)
print(json.dumps([text.rpartition("\\n")[2] for text in found]))
"""


@dataclass
class Feeder(ABC):
    name: str
    channel: str
    told: dict[str, Any] = field(default_factory=dict)

    def prepare(self, house: House) -> None:
        """Whatever must be there before the first message."""
        self.told = {}

    def words(self, n: int) -> str:
        return f"{self.name} 第 {n} 件事：电饭煲坏了，要求退款"

    @abstractmethod
    def send(self, client: httpx.Client, n: int) -> bool:
        """Whether it was acknowledged. May be called again with the same n, whatever came of it."""

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


HOOK = """
import json
from huiyin.ground import moment
from huiyin.journey.channels.hooks.models import Hook
hook = Hook.objects.create(code={code!r}, name="harness", connector={kind!r}, options={options!r})
print(json.dumps({{"key": hook.keys(moment.now())[0].hex()}}))
"""
TAKEN = (201, 200)
WRONG = (403, 413, 422, 429)  # never: the harness would be at fault


class Signed(Feeder):
    """An outside system that signs (Standard Webhooks); the same id at each try."""

    kind, options = "webhook", {}  # type: ignore[var-annotated]

    def prepare(self, house: House) -> None:
        wanted = {"code": self.name, "kind": self.kind, "options": self.options}
        self.told = house.told(HOOK.format(**wanted))

    def tell(self, client: httpx.Client, uid: str, told: dict[str, Any]) -> bool:
        body = json.dumps(told, ensure_ascii=False).encode()
        keys = [bytes.fromhex(self.told["key"])]
        headers = signing.headers(keys, webhook_id=uid, timestamp=int(time.time()), body=body)
        answer = client.post(f"/hooks/in/{self.name}/", content=body, headers=headers)
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code == 200

    def send(self, client: httpx.Client, n: int) -> bool:
        said = {"id": f"m{n}", "kind": "message", "author": {"id": f"u{n}"}, "text": self.words(n)}
        return self.tell(client, f"w{n}", said)


class Texts(Signed):
    kind, options = "sms_http", {"sign": "云朵", "url": "http://127.0.0.1:9/"}

    def send(self, client: httpx.Client, n: int) -> bool:
        said = {"kind": "message", "id": f"s{n}", "from": f"136{n:08d}", "text": self.words(n)}
        return self.tell(client, f"s{n}", said)


class Calls(Signed):
    """Three events of each call; the course of a call is computed from what was told of it."""

    kind = "cti"
    events = ("ringing", "answered", "hangup")
    began = datetime.now(UTC) - timedelta(minutes=30)

    def send(self, client: httpx.Client, n: int) -> bool:
        """Message n is event n of its calls: event n % 3 of call n // 3."""
        event = self.events[n % 3]
        said = {
            "event": event,
            "call_id": f"c{n // 3}",
            "at": (self.began + timedelta(seconds=n % 3 * 20)).isoformat(),
            "direction": "in",
            "from": f"135{n // 3:08d}",
            "to": "4008001234",
            "agent": "8001",
            **({"by": "caller"} if event == "hangup" else {}),
        }
        return self.tell(client, f"c{n}", said)

    def words(self, n: int) -> str:
        return f"c{n // 3} {self.events[n % 3]}"

    def found(self, house: House) -> list[str]:
        return list(
            house.told(
                "import json\n"
                "from huiyin.journey.channels.phone.models import CallEvent\n"
                "rows = CallEvent.objects.values_list('call__outer_id', 'kind')\n"
                "print(json.dumps([f'{call} {kind}' for call, kind in rows]))"
            )
        )


class Chats(Feeder):
    """A visitor with a token of his own browser: begins, and says one thing more."""

    origin = "https://shop.example.com"

    def prepare(self, house: House) -> None:
        house.do(
            "from huiyin.ground.people.models import Team\n"
            "from huiyin.journey.channels.chat.models import Site\n"
            f"Site.objects.create(code='harness', name='云朵商城', origins=[{self.origin!r}], "
            "team=Team.objects.first(), calendar_code='always', privacy_zh='说明', "
            "privacy_en='told', privacy_version='1')"
        )

    def words(self, n: int) -> str:
        return f"{self.name} 第 {n} 句"

    def send(self, client: httpx.Client, n: int) -> bool:
        mark = hashlib.sha256(f"token/{n}".encode()).digest()
        token = base64.urlsafe_b64encode(mark).decode().rstrip("=")
        headers = {
            "Authorization": f"Bearer {token}",
            "Origin": self.origin,
            "X-Forwarded-For": f"100.65.{n // 250}.{n % 250 + 1}",
        }
        base = "/chat/harness"
        first = uuid.uuid5(uuid.NAMESPACE_URL, f"first/{n}")
        begin = {"text": "您好", "client": str(first), "privacy_version": "1"}
        begun = client.post(f"{base}/begin/", json=begin, headers=headers)
        assert begun.status_code not in WRONG, begun.text
        if begun.status_code not in TAKEN:
            return False
        line = uuid.uuid5(uuid.NAMESPACE_URL, f"line/{n}")
        said = {"text": self.words(n), "client": str(line)}
        answer = client.post(f"{base}/lines/", json=said, headers=headers)
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code in TAKEN

    def found(self, house: House) -> list[str]:
        return list(
            house.told(
                "import json\n"
                "from huiyin.journey.channels.chat.models import Line\n"
                "said = Line.objects.filter(kind='visitor').exclude(text='您好')\n"
                "print(json.dumps(list(said.values_list('text', flat=True))))"
            )
        )


class Papers(Feeder):
    """Scans over the API, each upload under a key of its own; the file's name says which."""

    def prepare(self, house: House) -> None:
        self.told = house.told(
            "import json\n"
            "from huiyin.ground.people.models import ApiToken, User\n"
            "from huiyin.ground.people.words import Role\n"
            "clerk = User.objects.create_user('clerk', 'correct horse', name='收发', "
            "roles=[Role.TRIAGER])\n"
            "print(json.dumps({'token': ApiToken.issue(clerk, 'harness')[1]}))"
        )

    def words(self, n: int) -> str:
        return f"letter-{n}.png"

    def send(self, client: httpx.Client, n: int) -> bool:
        picture = scans.picture("PNG", mark=n % 9)
        answer = client.post(
            "/api/v1/paper",
            files={"files": (self.words(n), picture, "image/png")},
            data={"key": str(uuid.uuid5(uuid.NAMESPACE_URL, f"letter/{n}"))},
            headers={"Authorization": f"Bearer {self.told['token']}"},
        )
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code == 201

    def found(self, house: House) -> list[str]:
        return list(
            house.told(
                "import json\n"
                "from huiyin.journey.channels.paper.models import Scan\n"
                "print(json.dumps(list(Scan.objects.values_list('name', flat=True))))"
            )
        )
