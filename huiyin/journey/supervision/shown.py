"""What a page shows of a supervision, and what this reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.ground.people.models import User
from huiyin.journey.clocks.models import Clock
from huiyin.journey.supervision.models import Measure, Supervision
from huiyin.journey.supervision.permissions import can_file, can_lift, can_review, can_supervise
from huiyin.journey.supervision.rules import LADDER, higher
from huiyin.journey.supervision.words import Level, Stage


@dataclass(frozen=True)
class Shown:
    """One supervision as its reader sees it."""

    it: Supervision
    measures: list[Measure]
    may_file: bool = False
    may_review: bool = False
    may_raise: bool = False
    may_lift: bool = False
    limit: Clock | datetime | None = None

    @property
    def waiting(self) -> Measure | None:
        return next((one for one in self.measures if one.reviewed_at is None), None)

    @property
    def above(self) -> list[tuple[str, Any]]:
        """The levels it can be raised to."""
        return [(str(v), Level(v).label) for v in LADDER if higher(v, self.it.level)]


def shown(it: Supervision, reader: User) -> Shown:
    """With its measures, the last first."""
    related = it.measures.select_related("by", "reviewed_by").prefetch_related("files")
    measures = list(related[:20])
    if not it.is_open:
        return Shown(it, measures)
    waiting = next((one for one in measures if one.reviewed_at is None), None)
    return Shown(
        it,
        measures,
        may_file=it.stage == Stage.DUE and can_file(reader, it),
        may_review=(
            it.stage == Stage.FILED
            and can_review(reader, it)
            and (waiting is None or waiting.by_id != reader.pk)
        ),
        may_raise=can_supervise(reader, it.complaint) and it.level != Level.SUMMONS,
        may_lift=can_lift(reader, it),
        limit=Clock.objects.of_subjects({it.subject: it.complaint_id}).get(it.subject, it.due_at),
    )
