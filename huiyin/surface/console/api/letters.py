"""Letters that stayed in the outbox for want of a mail server, for programs."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.console import held
from huiyin.surface.console.permissions import can_send_held

router = Router(tags=["mail"])


class HeldOut(Schema):
    count: int
    oldest: datetime | None
    newest: datetime | None


class HeldIn(Schema):
    since: date | None = None


class HeldSent(Schema):
    sent: int


@router.get("/outbox/held", response=HeldOut, summary="Letters that stayed, longer than a day")
def count_held(request: HuiyinRequest, since: date | None = None) -> held.Held:
    """Written on that day or later; of complaints that the caller sees."""
    can_send_held.require(request.user, None)
    return held.counted(request.user, since)


@router.post("/outbox/held", response=HeldSent, summary="Send them after all")
def send_held(request: HuiyinRequest, data: HeldIn) -> dict[str, int]:
    """The oldest 500, each into the ordinary queue; 409 when there is none or no server."""
    return {"sent": held.send(by=request.user, since=data.since)}
