"""How the channels are, and a try of each, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.health import Health
from huiyin.journey.channels.permissions import can_see_channels, can_try_channels
from huiyin.surface.channels import actions, lists
from huiyin.surface.channels.models import Trial

router = Router(tags=["channels"])


class FigureOut(Schema):
    label: str
    count: int
    is_bad: bool
    address: str = Field(description="the page with these rows; empty: not for you")


class FaultOut(Schema):
    words: str
    at: datetime | None


class HealthOut(Schema):
    key: str = Field(description="by which it is tried")
    name: str
    kind: str
    state: str = Field(description="good, warn, bad, off")
    words: str
    comes: str = Field(description="what its last success inwards is called; empty: no such way")
    came_at: datetime | None
    leaves: str
    left_at: datetime | None
    figures: list[FigureOut]
    faults: list[FaultOut]


@router.get("/channels", response=list[HealthOut], summary="Channels")
def list_channels(request: HuiyinRequest) -> list[Health]:
    """Every channel: last success of each way, what waits, what is wrong; the worst first."""
    can_see_channels.require(request.user, None)
    return lists.rows(request.user)


class TrialOut(Schema):
    id: int
    key: str
    name: str
    by: str
    at: datetime
    seconds: float
    well: bool
    words: str

    @staticmethod
    def resolve_by(trial: Trial) -> str:
        return trial.by.username


@router.post("/channels/{key}/test", response=TrialOut, summary="Try a channel")
def test_channel(request: HuiyinRequest, key: str) -> Trial:
    """Really does what the channel does, of which no customer sees anything; some seconds."""
    can_try_channels.require(request.user, None)
    return actions.try_out(lists.row_of(request.user, key), by=request.user)


class TrialsOut(Schema):
    items: list[TrialOut]
    before: int | None = Field(description="give it back as `before` for the next page")


@router.get("/channels/trials", response=TrialsOut, summary="Tries of channels")
def list_trials(
    request: HuiyinRequest,
    q: str = "",
    key: str = "",
    found: Literal["", "well", "bad"] = "",
    before: int | None = None,
) -> dict[str, Any]:
    """Who tried what, and what was found; the newest first."""
    can_see_channels.require(request.user, None)
    typed = {"q": q, "key": key, "found": found, "before": str(before or "")}
    items, more = lists.trials(lists.read(typed))
    return {"items": items, "before": more}
