"""Outside systems that sign (Standard Webhooks); the same id at each try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from huiyin.ground.webhooks.rules import signing
from tests.channels.feeders.base import WRONG, Feeder, dumped, hook, now
from tests.social.standin import Standin


class Signed(Feeder):
    @property
    def setup(self) -> str:  # type: ignore[override]
        return hook(self.name, "webhook", {})

    @property
    def query(self) -> str:
        return (
            "from huiyin.journey.channels.social.models import Word\n"
            f"rows = Word.objects.filter(hook__code={self.name!r})\n"
            "told = list(rows.values_list('message__text', flat=True))"
        )

    def tell(self, client: httpx.Client, uid: str, told: dict[str, Any]) -> bool:
        body, keys = dumped(told), [bytes.fromhex(self.told["key"])]
        headers = signing.headers(keys, webhook_id=uid, timestamp=now(), body=body)
        answer = client.post(f"/hooks/in/{self.name}/", content=body, headers=headers)
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code == 200

    def send(self, client: httpx.Client, n: int) -> bool:
        said = {"id": f"m{n}", "kind": "message", "author": {"id": f"u{n}"}, "text": self.words(n)}
        return self.tell(client, f"w{n}", said)


def texts_of(code: str) -> str:
    """The query of texts that came by one provider."""
    return (
        "from huiyin.journey.channels.sms.models import Text\n"
        f"rows = Text.objects.filter(hook__code={code!r}, direction='in')\n"
        "told = list(rows.values_list('complaint__text', flat=True))"
    )


@dataclass
class Texts(Signed):
    outside: Standin

    @property
    def setup(self) -> str:  # type: ignore[override]
        return hook(self.name, "sms_http", {"sign": "云朵", "url": f"{self.outside.url}/sms"})

    @property
    def query(self) -> str:
        return texts_of(self.name)

    def send(self, client: httpx.Client, n: int) -> bool:
        said = {"kind": "message", "id": f"s{n}", "from": f"136{n:08d}", "text": self.words(n)}
        return self.tell(client, f"s{n}", said)


class Calls(Signed):
    """Message n is event n % 3 of call n // 3: the course of a call is computed from what was told
    of it."""

    events = ("ringing", "answered", "hangup")
    began = datetime.now(UTC) - timedelta(minutes=30)
    query = (  # type: ignore[assignment]
        "from huiyin.journey.channels.phone.models import CallEvent\n"
        "rows = CallEvent.objects.values_list('call__outer_id', 'kind')\n"
        "told = [f'{call} {kind}' for call, kind in rows]"
    )

    @property
    def setup(self) -> str:  # type: ignore[override]
        return hook(self.name, "cti", {})

    def words(self, n: int) -> str:
        return f"c{n // 3} {self.events[n % 3]}"

    def send(self, client: httpx.Client, n: int) -> bool:
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
