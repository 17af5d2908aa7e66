"""Programs with a token: complaints, and scans of letters."""

from __future__ import annotations

import httpx

from tests.channels.feeders.base import TAKEN, WRONG, Feeder, user
from tests.paper import scans


class Api(Feeder):
    setup = user("robot", "agent", "triager")

    def send(self, client: httpx.Client, n: int) -> bool:
        body = {"channel": "api", "contact": {"phone": f"138{n:08d}"}, "text": self.words(n)}
        headers = {
            "Authorization": f"Bearer {self.told['token']}",
            "Idempotency-Key": self.key(n),
        }
        answer = client.post("/api/v1/complaints", json=body, headers=headers)
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code in TAKEN


class Papers(Feeder):
    """Each upload under a key of its own; the file's name says which."""

    setup = user("clerk", "triager")
    query = (  # type: ignore[assignment]
        "from huiyin.journey.channels.paper.models import Scan\n"
        "told = list(Scan.objects.values_list('name', flat=True))"
    )

    def words(self, n: int) -> str:
        return f"letter-{n}.png"

    def send(self, client: httpx.Client, n: int) -> bool:
        picture = scans.picture("PNG", mark=n % 9)
        answer = client.post(
            "/api/v1/paper",
            files={"files": (self.words(n), picture, "image/png")},
            data={"key": self.key(n)},
            headers={"Authorization": f"Bearer {self.told['token']}"},
        )
        assert answer.status_code not in WRONG, answer.text
        return answer.status_code == 201
