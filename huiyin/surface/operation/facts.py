"""What the spine carries against what the stages recorded (architecture, rule 5).

Lists read the spine alone, so a fact that went astray would show nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q

from huiyin.journey.clocks.models import Clock
from huiyin.journey.closure.models import Closing
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.promises.models import Promise
from huiyin.journey.resolution.models import Offer
from huiyin.journey.routing.models import Assignment
from huiyin.journey.triage.models import Triage
from huiyin.journey.triage.words import Source

CHUNK = 2000
BACK_TO_WORK = (What.REWORKED, What.REOPENED)
ENDS_WITHOUT_CLOSING = (What.WITHDRAWN, What.CANCELLED)


@dataclass(frozen=True)
class Difference:
    """`recorded` is the truth: the stage's own record."""

    number: str
    fact: str
    carried: str
    recorded: str


def differences(on_progress: Callable[[int], object] = lambda done: None) -> Iterator[Difference]:
    """Every difference, by number. Memory stays the same however many complaints there are."""
    last = done = 0
    while rows := list(_spine(Q(pk__gt=last))[:CHUNK]):
        found = _compared(rows)
        if found:
            # Somebody may have acted between two of our queries: what is wrong is still so.
            again = _compared(list(_spine(Q(number__in={one.number for one in found}))))
            yield from sorted(set(found) & set(again), key=lambda one: (one.number, one.fact))
        last, done = rows[-1].pk, done + len(rows)
        on_progress(done)


def _spine(which: Q) -> Any:
    return Complaint.objects.filter(which).order_by("pk").defer("text", "search")


def _compared(rows: Sequence[Complaint]) -> list[Difference]:
    records = _Records([row.pk for row in rows])
    return [
        Difference(row.number, fact, str(getattr(row, fact)), str(recorded))
        for row in rows
        for fact, recorded in records.facts_of(row).items()
        if getattr(row, fact) != recorded
    ]


class _Records:
    """The stages' records of some complaints, one query for each stage."""

    def __init__(self, pks: list[int]) -> None:
        mine = Q(complaint__in=pks)
        newest = ("complaint", "-pk")
        triages = Triage.objects.filter(mine).order_by(*newest).distinct("complaint")
        closings = Closing.objects.filter(mine).order_by(*newest).distinct("complaint")
        self.triages = {row.complaint_id: row for row in triages}
        self.closings = {row.complaint_id: row.at for row in closings}
        self.assignments = {
            row.complaint_id: row for row in Assignment.objects.current().filter(mine)
        }
        self.clocks: dict[int, list[Clock]] = {}
        for clock in Clock.objects.own().running().filter(mine):
            self.clocks.setdefault(clock.complaint_id, []).append(clock)
        offers = Offer.objects.filter(mine).exclude(executed_at=None).order_by().values("complaint")
        self.executed = dict(offers.annotate(at=Max("executed_at")).values_list("complaint", "at"))
        owed = Promise.objects.open().filter(mine).order_by().values("complaint")
        self.promises = dict(owed.annotate(at=Min("due_at")).values_list("complaint", "at"))
        self.events: dict[int, dict[str, datetime]] = {}
        told = Event.objects.filter(mine).order_by().values("complaint", "what")
        for pk, what, at in told.annotate(at=Max("at")).values_list("complaint", "what", "at"):
            self.events.setdefault(pk, {})[what] = at

    def facts_of(self, complaint: Complaint) -> dict[str, Any]:
        """What the spine should carry; facts whose stage has no record yet are left out."""
        pk = complaint.pk
        return {
            **self._triage(pk),
            **self._assignment(pk),
            **self._due(pk),
            "resolved_at": self._resolved(pk),
            "promise_due_at": self.promises.get(pk),
            **self._closed(complaint),
            **self._activity(pk),
        }

    def _triage(self, pk: int) -> dict[str, Any]:
        latest = self.triages.get(pk)
        if latest is None:
            return {}
        facts = {
            "severity": latest.severity,
            "category": latest.category_id or "",
            "risks": latest.risks,
            "emotion": latest.emotion,
        }
        # What was chosen at the desk counts as confirmed too, so only the one way is certain.
        return facts | ({"category_confirmed": True} if latest.source == Source.HUMAN else {})

    def _assignment(self, pk: int) -> dict[str, Any]:
        current = self.assignments.get(pk)
        if current is None:  # in a team's pool, which has no record of its own
            return {"assignee_id": None}
        return {"team_id": current.team_id, "assignee_id": current.assignee_id}

    def _due(self, pk: int) -> dict[str, Any]:
        clocks = self.clocks.get(pk, [])
        first = min(clocks, key=lambda clock: (clock.due_at, clock.pk), default=None)
        due = {"next_due_at": first.due_at if first else None}
        # Two clocks may be due at the same moment; then either name is right.
        same = {clock.kind for clock in clocks if first and clock.due_at == first.due_at}
        return due | ({"next_due_kind": first.kind if first else ""} if len(same) < 2 else {})

    def _resolved(self, pk: int) -> datetime | None:
        executed = self.executed.get(pk)
        back = self._latest(pk, BACK_TO_WORK)
        return None if executed is None or (back and back > executed) else executed

    def _closed(self, complaint: Complaint) -> dict[str, Any]:
        pk = complaint.pk
        closed, reopened = self.closings.get(pk), self._latest(pk, (What.REOPENED,))
        ended = self._latest(pk, ENDS_WITHOUT_CLOSING)
        if ended:  # the moment is the act's own; its event comes an instant later
            return {} if complaint.closed_at else {"closed_at": ended}
        return {"closed_at": None if closed is None or (reopened and reopened > closed) else closed}

    def _activity(self, pk: int) -> dict[str, Any]:
        told = self.events.get(pk)
        return {"last_activity_at": max(told.values())} if told else {}

    def _latest(self, pk: int, whats: Sequence[str]) -> datetime | None:
        told = self.events.get(pk, {})
        return max((told[what] for what in whats if what in told), default=None)
