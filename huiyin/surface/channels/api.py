"""How the channels are, for programs."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.health import Health
from huiyin.journey.channels.permissions import can_see_channels
from huiyin.surface.channels import lists

router = Router(tags=["channels"])


class FigureOut(Schema):
    label: str
    count: int
    is_bad: bool


class HealthOut(Schema):
    name: str
    kind: str
    state: str
    words: str
    came_at: datetime | None
    left_at: datetime | None
    figures: list[FigureOut]
    faults: list[str]


@router.get("/channels", response=list[HealthOut], summary="Channels")
def list_channels(request: HuiyinRequest) -> list[Health]:
    """Every channel: last success of each way, what waits, what is wrong."""
    can_see_channels.require(request.user, None)
    return lists.rows(request.user)
