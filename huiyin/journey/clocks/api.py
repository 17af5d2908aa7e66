"""Clocks for programs."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.why import why
from huiyin.journey.complaint.api import seen

router = Router(tags=["clocks"])


class ClockOut(Schema):
    """One limit. `why` are the steps that lead from start to due date, as sentences."""

    kind: str
    policy: str
    started_at: datetime
    due_at: datetime
    first_due_at: datetime = Field(description="before corrections and pauses")
    warned_at: datetime | None
    missed_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    why: list[str]

    @staticmethod
    def resolve_why(clock: Clock) -> list[str]:
        return why(clock)


@router.get("/complaints/{number}/clocks", response=list[ClockOut], summary="Clocks, and why")
def list_clocks(request: HuiyinRequest, number: str) -> list[Clock]:
    return list(seen(request, number).clocks.all())
