"""The board's questions to the database: few, each bounded, each through `visible_to`.

What is open is few, has partial indexes and is kept for some seconds. What was received or closed
is asked for a fixed number of days, so nothing grows with the archive; the page asks it once a
minute.
All other figures are added up in `rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Severity
from huiyin.surface.kept import kept
from huiyin.surface.oversight import rules
from huiyin.surface.oversight.rules import Group, Load

DAYS = 30
WAITING_SHOWN = 8
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Board:
    """What is open, at one moment."""

    at: datetime
    groups: list[Group]
    waiting: list[Complaint]

    @property
    def total(self) -> Load:
        return rules.total(self.groups)


@dataclass(frozen=True)
class Month:
    """What came in and went out on each of the last days."""

    days: list[date]
    received: list[int]
    closed: list[int]
    urgent: list[int]  # received as S1
    causes: list[tuple[str, int]]


def seen_by(user: User, team: Team | None = None) -> ComplaintQuerySet:
    """The complaints this person's board is made of: all he may see, or those of one team."""
    seen = Complaint.objects.visible_to(user)
    return seen if team is None else seen.filter(team=team)


def read(seen: ComplaintQuerySet) -> Board:
    at, groups = kept("board", seen, lambda: _grouped(seen, moment.now()))
    return Board(at, groups, longest_waiting(seen))


def _grouped(seen: ComplaintQuerySet, now: datetime) -> tuple[datetime, list[Group]]:
    return now, open_groups(seen, now)


def month(seen: ComplaintQuerySet) -> Month:
    """The last 30 days up to and with today, whose cost is their number of complaints."""
    days = rules.days(timezone.localdate(moment.now()), DAYS)
    since = _midnight(days[0])
    received, urgent = received_per_day(seen, since)
    return Month(
        days=days,
        received=rules.series(received, days),
        closed=rules.series(closed_per_day(seen, since), days),
        urgent=rules.series(urgent, days),
        causes=causes(seen, since),
    )


def open_groups(seen: ComplaintQuerySet, now: datetime) -> list[Group]:
    """The open ones, grouped once: every figure of the page comes from these lines."""
    today = timezone.localdate(now)
    midnight, next_one = (_midnight(today + timedelta(days=days)) for days in (1, 2))
    edges = [now - timedelta(days=days) for days in rules.AGE_EDGES_DAYS]
    older = [Q(received_at__lte=edge) for edge in edges]
    buckets = [~older[0], *(a & ~b for a, b in pairwise(older)), older[-1]]
    lines = (
        seen.open()
        .order_by()
        .values_list("team_id", "assignee_id", "severity")
        .annotate(
            count=Count("pk"),
            today=Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lt=midnight)),
            late=Count("pk", filter=Q(next_due_at__lt=now)),
            tomorrow=Count("pk", filter=Q(next_due_at__gte=midnight, next_due_at__lt=next_one)),
            newly=Count("pk", filter=Q(next_due_at__lt=now, next_due_at__gte=now - A_DAY)),
            age=Sum(ExpressionWrapper(Value(now) - F("received_at"), DurationField())),
            **{f"age_{i}": Count("pk", filter=bucket) for i, bucket in enumerate(buckets)},
        )
    )
    return [
        Group(
            team,
            person,
            s,
            Load(n, due, late, n if s == Severity.S1 else 0, age, tuple(ages), tomorrow, newly),
        )
        for team, person, s, n, due, late, tomorrow, newly, age, *ages in lines
    ]


def received_per_day(
    seen: ComplaintQuerySet, since: datetime
) -> tuple[dict[date, int], dict[date, int]]:
    """How many came in on each local day since then, and how many of them as S1."""
    rows = seen.filter(received_at__gte=since).order_by().values(day=TruncDate("received_at"))
    counted = rows.annotate(n=Count("pk"), s1=Count("pk", filter=Q(severity=Severity.S1)))
    lines = list(counted.values_list("day", "n", "s1"))
    return {day: n for day, n, _s1 in lines}, {day: s1 for day, _n, s1 in lines}


def closed_per_day(seen: ComplaintQuerySet, since: datetime) -> dict[date, int]:
    rows = seen.filter(closed_at__gte=since).order_by().values(day=TruncDate("closed_at"))
    return dict(rows.annotate(n=Count("pk")).values_list("day", "n"))


def causes(seen: ComplaintQuerySet, since: datetime) -> list[tuple[str, int]]:
    """(category, how many) of what came in since then; "" is not sorted yet."""
    rows = seen.filter(received_at__gte=since).order_by().values("category")
    return list(rows.annotate(n=Count("pk")).values_list("category", "n"))


def longest_waiting(seen: ComplaintQuerySet) -> list[Complaint]:
    return list(seen.open().for_list().order_by("received_at", "pk")[:WAITING_SHOWN])


def _midnight(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))
