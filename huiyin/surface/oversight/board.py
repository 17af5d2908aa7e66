"""The board's questions to the database: few, each bounded, each through `visible_to`.

What is open is few, has partial indexes and is kept for some seconds. What was received or closed
is asked for a fixed number of days, so nothing grows with the archive; the page asks it once a
minute.
All other figures are added up in `rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.lifecycle import STEP, STEPS
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.routing.rules import WEIGHT
from huiyin.surface.kept import kept
from huiyin.surface.oversight import rules
from huiyin.surface.oversight.burning import UNSIGNED, late, soon, stuck, supervisions_due
from huiyin.surface.oversight.departments import DepartmentLoad, department_loads
from huiyin.surface.oversight.rules import Group, Load, Standing, Step
from huiyin.surface.oversight.words import Burn

DAYS = 30
WAITING_SHOWN = 8
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Board:
    """What is open, at one moment."""

    at: datetime
    groups: list[Group]
    road: list[Step]
    departments: list[DepartmentLoad]
    supervisions: int  # due
    waiting: list[Complaint]

    @cached_property
    def total(self) -> Load:
        return rules.total(self.groups)

    @property
    def burns(self) -> dict[str, int]:
        """How many burn for each reason."""
        total = self.total
        return {
            Burn.UNSIGNED: total.unsigned,
            Burn.LATE: total.overdue,
            Burn.TASK: sum(load.late for load in self.departments),
            Burn.SUPERVISION: self.supervisions,
            Burn.SOON: total.soon,
            Burn.STUCK: total.stuck,
        }


@dataclass(frozen=True)
class Month:
    """What came in and went out on each of the last days."""

    days: list[date]
    received: list[int]
    closed: list[int]
    urgent: list[int]  # received as S1
    archived: int  # of those that were closed
    causes: list[tuple[str, int]]


def seen_by(user: User, team: Team | None = None, severity: int | None = None) -> ComplaintQuerySet:
    """The complaints this person's board is made of: all he may see, or those of one team, or of
    one severity."""
    seen = Complaint.objects.visible_to(user)
    if team is not None:
        seen = seen.filter(team=team)
    return seen if severity is None else seen.filter(severity=severity)


def read(seen: ComplaintQuerySet) -> Board:
    figures = kept("board", seen, lambda: _figures(seen, moment.now()))
    return Board(*figures, longest_waiting(seen))


def _figures(
    seen: ComplaintQuerySet, now: datetime
) -> tuple[datetime, list[Group], list[Step], list[DepartmentLoad], int]:
    return (
        now,
        open_groups(seen, now),
        road(seen, now),
        department_loads(seen, now),
        supervisions_due(seen, now),
    )


def month(seen: ComplaintQuerySet) -> Month:
    """The last 30 days up to and with today, whose cost is their number of complaints."""
    days = rules.days(timezone.localdate(moment.now()), DAYS)
    since = _midnight(days[0])
    received, urgent = received_per_day(seen, since)
    closed, archived = closed_per_day(seen, since)
    return Month(
        days=days,
        received=rules.series(received, days),
        closed=rules.series(closed, days),
        urgent=rules.series(urgent, days),
        archived=archived,
        causes=causes(seen, since),
    )


def open_groups(seen: ComplaintQuerySet, now: datetime) -> list[Group]:
    """The open ones, grouped once: every figure of the page comes from these lines."""
    today = timezone.localdate(now)
    midnight, next_one = (_midnight(today + timedelta(days=days)) for days in (1, 2))
    edges = [now - timedelta(days=days) for days in rules.AGE_EDGES_DAYS]
    older = [Q(received_at__lte=edge) for edge in edges]
    buckets = [~older[0], *(a & ~b for a, b in pairwise(older)), older[-1]]
    keys = ("team_id", "assignee_id", "severity")
    lines = seen.open().order_by().values(*keys)
    counted = lines.annotate(
        open=Count("pk"),
        due_today=Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lt=midnight)),
        overdue=Count("pk", filter=late(now)),
        tomorrow=Count("pk", filter=Q(next_due_at__gte=midnight, next_due_at__lt=next_one)),
        newly_late=Count("pk", filter=Q(next_due_at__lt=now, next_due_at__gte=now - A_DAY)),
        soon=Count("pk", filter=soon(now)),
        unsigned=Count("pk", filter=UNSIGNED),
        stuck=Count("pk", filter=stuck(now)),
        age=Sum(ExpressionWrapper(Value(now) - F("received_at"), DurationField())),
        **{f"age_{i}": Count("pk", filter=bucket) for i, bucket in enumerate(buckets)},
    )
    return [_group(line, len(buckets)) for line in counted]


def _group(line: dict[str, Any], buckets: int) -> Group:
    team, person, severity = (line.pop(key) for key in ("team_id", "assignee_id", "severity"))
    ages = tuple(line.pop(f"age_{i}") for i in range(buckets))
    urgent = line["open"] if severity == Severity.S1 else 0
    weight = line["open"] * WEIGHT.get(severity or 0, 1)
    return Group(team, person, severity, Load(**line, urgent=urgent, weight=weight, ages=ages))


def road(seen: ComplaintQuerySet, now: datetime) -> list[Step]:
    """How many of the open ones stand on each step, and how long nothing has happened there."""
    idle = ExpressionWrapper(Value(now) - F("last_activity_at"), DurationField())
    lines = seen.open().order_by().values_list("status")
    counted = lines.annotate(
        n=Count("pk"), late=Count("pk", filter=late(now)), idle=Sum(idle), longest=Max(idle)
    )
    standings = [Standing(*line) for line in counted]
    return rules.road(standings, lambda status: STEP[Status(status)], len(STEPS))


def received_per_day(
    seen: ComplaintQuerySet, since: datetime
) -> tuple[dict[date, int], dict[date, int]]:
    """How many came in on each local day since then, and how many of them as S1."""
    rows = seen.filter(received_at__gte=since).order_by().values(day=TruncDate("received_at"))
    counted = rows.annotate(n=Count("pk"), s1=Count("pk", filter=Q(severity=Severity.S1)))
    lines = list(counted.values_list("day", "n", "s1"))
    return {day: n for day, n, _s1 in lines}, {day: s1 for day, _n, s1 in lines}


def closed_per_day(seen: ComplaintQuerySet, since: datetime) -> tuple[dict[date, int], int]:
    """How many were closed on each local day since then, and how many of all are archived."""
    rows = seen.filter(closed_at__gte=since).order_by().values(day=TruncDate("closed_at"))
    counted = rows.annotate(n=Count("pk"), archived=Count("pk", filter=Q(status=Status.ARC)))
    lines = list(counted.values_list("day", "n", "archived"))
    return {day: n for day, n, _a in lines}, sum(archived for _day, _n, archived in lines)


def causes(seen: ComplaintQuerySet, since: datetime) -> list[tuple[str, int]]:
    """(category, how many) of what came in since then; "" is not sorted yet."""
    rows = seen.filter(received_at__gte=since).order_by().values("category")
    return list(rows.annotate(n=Count("pk")).values_list("category", "n"))


def longest_waiting(seen: ComplaintQuerySet) -> list[Complaint]:
    return list(seen.open().for_list().order_by("received_at", "pk")[:WAITING_SHOWN])


def _midnight(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))
