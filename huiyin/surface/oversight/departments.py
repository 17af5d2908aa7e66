"""What other departments owe: open tasks, those that are late, those that soon will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from huiyin.ground.language import in_own
from huiyin.journey.complaint.models import ComplaintQuerySet
from huiyin.journey.cooperation.lifecycle import WAITING
from huiyin.journey.cooperation.models import Task, TaskQuerySet
from huiyin.journey.cooperation.words import State

ABOUT_TO_BE = timedelta(hours=4)
UNSIGNED = Q(state=State.SENT)
DISPUTED = Q(state=State.DISPUTED)


@dataclass(frozen=True)
class DepartmentLoad:
    pk: int
    code: str
    name: str
    name_en: str
    open: int
    unsigned: int
    late: int
    soon: int
    disputed: int
    oldest: datetime | None

    @property
    def shown_name(self) -> str:
        return in_own(self.name, self.name_en)


def late(now: datetime) -> Q:
    """Not signed, or not answered, although the time is over; a dispute stops nothing."""
    unsigned = Q(state=State.SENT, leg__sign_clock__due_at__lt=now)
    working = Q(state__in=(*WAITING, State.DISPUTED), leg__ended_at=None)
    return unsigned | (working & Q(leg__clock__due_at__lt=now))


def soon(now: datetime) -> Q:
    """Not late yet, but within some hours."""
    until = now + ABOUT_TO_BE
    unsigned = Q(state=State.SENT, leg__sign_clock__due_at__range=(now, until))
    working = Q(state__in=(*WAITING, State.DISPUTED), leg__ended_at=None)
    return (unsigned | (working & Q(leg__clock__due_at__range=(now, until)))) & ~late(now)


def tasks_of(seen: ComplaintQuerySet) -> TaskQuerySet:
    return Task.objects.filter(complaint__in=seen.order_by().values("pk"))


def department_loads(seen: ComplaintQuerySet, now: datetime) -> list[DepartmentLoad]:
    """Those with open tasks, the latest first."""
    fields = ("department", "department__code", "department__name", "department__name_en")
    lines: Any = tasks_of(seen).open().order_by().values_list(*fields)
    counted = lines.annotate(
        open=Count("pk"),
        unsigned=Count("pk", filter=UNSIGNED),
        late=Count("pk", filter=late(now)),
        soon=Count("pk", filter=soon(now)),
        disputed=Count("pk", filter=DISPUTED),
        oldest=Min("at"),
    )
    loads = [DepartmentLoad(*line) for line in counted]
    return sorted(loads, key=lambda load: (-load.late, -load.soon, -load.open, load.code))
