"""The league's questions: each figure and its source rows come from the very same conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_english
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Status
from huiyin.journey.cooperation.models import Leg
from huiyin.journey.cooperation.words import End
from huiyin.surface.oversight.rules.league import Cell, Line, Period, ranked

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ROWS = 50


@dataclass(frozen=True)
class Measure:
    """A share: `part` of those that `whole` picks. `good`: the more the better."""

    key: str
    title: str | _StrPromise
    how: str | _StrPromise
    whole: Q
    part: Q
    good: bool = True


# Not ours to judge: what was cancelled, and what stands still because the customer has to answer.
COUNTED = ~Q(ended=End.CANCELLED) & ~Q(ended_at=None, task__complaint__status=Status.WCU)
# Nor theirs: what was rightly returned or ruled to be another's. A lost dispute stays theirs.
THEIRS = COUNTED & (~Q(ended__in=(End.RETURNED, End.RULED)) | Q(lost=True))

OF_DEPARTMENTS: tuple[Measure, ...] = (
    Measure(
        "answered",
        _("按时答复"),
        _("已答复或已超时的任务里，在期限内第一次答复的；退回改派、裁定归别人的不计"),
        THEIRS & Q(answer_late__isnull=False),
        Q(answer_late=False),
    ),
    Measure(
        "signed",
        _("按时签收"),
        _("已签收或已超时的任务里，在期限内签收的；退回改派、裁定归别人的不计"),
        THEIRS & Q(sign_late__isnull=False),
        Q(sign_late=False),
    ),
    Measure(
        "redone",
        _("被退回重办"),
        _("答复过的任务里，答复被退回重办过的"),
        COUNTED & Q(answered_at__isnull=False),
        Q(redone__gt=0),
        good=False,
    ),
    Measure(
        "returned",
        _("退回"),
        _("收到的任务里，退给下发人的；退得对的也算在这里，但不影响排名"),
        COUNTED,
        Q(ended=End.RETURNED),
        good=False,
    ),
    Measure(
        "lost",
        _("争议败诉"),
        _("收到的任务里，提出争议而裁定仍归本部门的"),
        COUNTED,
        Q(lost=True),
        good=False,
    ),
)

LATE_CLOCK = Q(missed_at__isnull=False) | Q(stopped_at__gt=F("due_at"))
CLOSED = (Status.CLO, Status.ARC)


@dataclass(frozen=True)
class TeamMeasure:
    """Of the closed complaints that had this clock, those of which none was late."""

    key: str
    title: str | _StrPromise
    how: str | _StrPromise
    kind: str
    good: bool = True


OF_TEAMS: tuple[TeamMeasure, ...] = (
    TeamMeasure(
        "resolved",
        _("按时解决"),
        _("结案的投诉里，解决时限没有超过的；等客户补充、检测期间停表，不算超时"),
        ClockKind.RESOLUTION,
    ),
    TeamMeasure(
        "replied",
        _("按时首次响应"),
        _("结案的投诉里，在期限内第一次回复客户的"),
        ClockKind.FIRST_RESPONSE,
    ),
    TeamMeasure(
        "signed", _("按时签收"), _("结案的投诉里，每次派单都按时签收的"), ClockKind.SIGN_IN
    ),
    TeamMeasure(
        "fed-back", _("按时反馈"), _("结案的投诉里，结果按时告诉客户的"), ClockKind.FEEDBACK
    ),
)


def bounds(period: Period) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the first after the last, in local time."""
    first, after = period.since, period.until + timedelta(days=1)
    return _midnight(first), _midnight(after)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- departments -----------------------------------------------------------------------------


def legs(seen: ComplaintQuerySet, period: Period) -> QuerySet[Leg]:
    """Every time a department got a task in the period."""
    since, until = bounds(period)
    found = Leg.objects.filter(began_at__gte=since, began_at__lt=until)
    return found.filter(task__complaint__in=seen.order_by().values("pk"))


def departments(seen: ComplaintQuerySet, period: Period) -> list[Line]:
    """Each department's figures, in one question."""
    counts = {}
    for one in OF_DEPARTMENTS:
        counts[f"{one.key}_of"] = Count("pk", filter=one.whole)
        counts[f"{one.key}_is"] = Count("pk", filter=one.whole & one.part)
    fields = ("department__code", "department__name", "department__name_en")
    lines: Any = legs(seen, period).filter(COUNTED).order_by().values(*fields).annotate(**counts)
    english = in_english()
    return ranked(
        [
            Line(
                line["department__code"],
                (english and line["department__name_en"]) or line["department__name"],
                tuple(Cell(line[f"{m.key}_is"], line[f"{m.key}_of"]) for m in OF_DEPARTMENTS),
            )
            for line in lines
        ]
    )


def leg_rows(
    seen: ComplaintQuerySet, period: Period, measure: Measure, *, code: str, part: str, after: int
) -> tuple[list[Leg], int | None]:
    """The rows behind one figure: all it counts, those that make the share, or the others."""
    found = legs(seen, period).filter(measure.whole)
    if code:
        found = found.filter(department__code=code)
    found = _part(found, measure.part, part)
    related = ("task__complaint", "department", "handler", "sign_clock", "clock")
    return _page(found.select_related(*related), after)


def _part(found: QuerySet[Any], is_so: Q, part: str) -> QuerySet[Any]:
    if part == "yes":
        return found.filter(is_so)
    return found.exclude(is_so) if part == "no" else found


def _page(found: QuerySet[Any], after: int) -> tuple[list[Any], int | None]:
    """The newest first, after the one that is named."""
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: ROWS + 1])
    return rows[:ROWS], rows[ROWS - 1].pk if len(rows) > ROWS else None


# --- teams -----------------------------------------------------------------------------------


def closed(seen: ComplaintQuerySet, period: Period) -> ComplaintQuerySet:
    """Complaints closed in the period: neither cancelled, withdrawn, rejected nor merged away."""
    since, until = bounds(period)
    return seen.filter(
        closed_at__gte=since, closed_at__lt=until, status__in=CLOSED, team__isnull=False
    )


def teams(seen: ComplaintQuerySet, period: Period) -> list[Line]:
    """Each team's figures, in one question."""
    kinds = [one.kind for one in OF_TEAMS]
    clocks: Any = Clock.objects.filter(
        complaint__in=closed(seen, period).order_by().values("pk"), subject="", kind__in=kinds
    )
    lines = (
        clocks.order_by()
        .values_list("complaint__team__code", "complaint__team__name", "kind")
        .annotate(
            n=Count("complaint", distinct=True),
            late=Count("complaint", distinct=True, filter=LATE_CLOCK),
        )
    )
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    for code, name, kind, n, late in lines:
        cells.setdefault((code, name), {})[kind] = Cell(n - late, n)
    return ranked(
        [
            Line(code, name, tuple(found.get(kind, Cell(0, 0)) for kind in kinds))
            for (code, name), found in cells.items()
        ]
    )


def complaint_rows(
    seen: ComplaintQuerySet,
    period: Period,
    measure: TeamMeasure,
    *,
    code: str,
    part: str,
    after: int,
) -> tuple[list[Complaint], int | None]:
    found = closed(seen, period)
    if code:
        found = found.filter(team__code=code)
    own = Clock.objects.filter(complaint=OuterRef("pk"), subject="", kind=measure.kind)
    found = found.filter(Exists(own))
    late = Exists(own.filter(LATE_CLOCK))
    if part:
        found = found.filter(~late if part == "yes" else late)
    return _page(found.for_list(), after)


@dataclass(frozen=True)
class League:
    """Departments or teams: who is compared, by which measures."""

    key: str
    title: str | _StrPromise
    measures: tuple[Any, ...]
    lines: Callable[[ComplaintQuerySet, Period], list[Line]]
    rows: Callable[..., tuple[list[Any], int | None]]

    def measure(self, key: str) -> Any:
        return next((one for one in self.measures if one.key == key), None)


LEAGUES: tuple[League, ...] = (
    League("departments", _("部门"), OF_DEPARTMENTS, departments, leg_rows),
    League("teams", _("小组"), OF_TEAMS, teams, complaint_rows),
)
