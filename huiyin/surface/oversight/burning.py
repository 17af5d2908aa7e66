"""What burns now: what a duty supervisor acts on, each with who has it and one click.

Only open rows are asked for, through `visible_to`, and only where the board's figures say that
there are any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.cooperation.models import Task
from huiyin.journey.routing.permissions import can_dispatch, can_urge, directs
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.words import Level, Stage
from huiyin.surface.oversight import departments
from huiyin.surface.oversight.words import Burn

WITHIN = timedelta(hours=1)
STUCK_AFTER = timedelta(days=3)
EACH = 5  # of a kind, while all kinds are shown
MOST = 50  # of the one that was chosen; the rest stands in the queue

UNSIGNED = Q(severity=Severity.S1, status__in=(Status.REG, Status.TRI, Status.DIS))


def late(now: datetime) -> Q:
    return Q(next_due_at__lt=now)


def soon(now: datetime) -> Q:
    return Q(next_due_at__gte=now, next_due_at__lt=now + WITHIN)


def stuck(now: datetime) -> Q:
    """Waiting for somebody, and for days nothing has happened: nobody asks any more."""
    waits = (Status.WCU, Status.W3P, Status.SUS)
    return Q(status__in=waits, last_activity_at__lt=now - STUCK_AFTER)


@dataclass(frozen=True)
class Act:
    """What one click does: a link, or an act of a stage with what it needs."""

    label: str
    icon: str
    href: str = ""
    post: str = ""
    text: str = ""  # what is said with it


@dataclass(frozen=True)
class Burning:
    burn: Burn
    complaint: Complaint
    what: str
    who: str
    act: Act
    due_at: datetime | None = None
    since: datetime | None = None


def burning(
    user: User, seen: ComplaintQuerySet, *, only: str, counts: dict[str, int], now: datetime
) -> list[Burning]:
    """The hottest first, none twice: some of each kind, or the kind that was chosen."""
    wanted = [burn for burn in Burn if counts.get(burn) and only in ("", burn)]
    most = MOST if only else EACH
    found = chain.from_iterable(_of(burn, user, seen, now, most) for burn in wanted)
    return list(_once(found))


def _once(found: Iterator[Burning]) -> Iterator[Burning]:
    """A complaint that burns for two reasons is told by the hotter; a task of it is its own."""
    told: set[tuple[int, str]] = set()
    for one in found:
        own = "" if one.burn in (Burn.TASK, Burn.SUPERVISION) else "complaint"
        key = (one.complaint.pk, own or f"{one.burn} {one.what}")
        if key not in told:
            told.add(key)
            yield one


def _of(
    burn: Burn, user: User, seen: ComplaintQuerySet, now: datetime, most: int
) -> Sequence[Burning]:
    if burn == Burn.TASK:
        return [_task(user, task) for task in late_tasks(seen, now)[:most]]
    if burn == Burn.SUPERVISION:
        return [_supervision(one) for one in due_supervisions(seen, now)[:most]]
    picks, order = {
        Burn.UNSIGNED: (UNSIGNED, ("received_at", "pk")),
        Burn.LATE: (late(now), ("severity", "next_due_at", "pk")),
        Burn.SOON: (soon(now), ("next_due_at", "pk")),
        Burn.STUCK: (stuck(now), ("last_activity_at", "pk")),
    }[burn]
    rows = seen.open().filter(picks).for_list().order_by(*order)[:most]
    return [_complaint(burn, user, row) for row in rows]


def late_tasks(seen: ComplaintQuerySet, now: datetime) -> QuerySet[Task]:
    found = departments.tasks_of(seen).open().filter(departments.late(now)).with_all()
    return found.order_by("leg__clock__due_at", "pk")


def due_supervisions(seen: ComplaintQuerySet, now: datetime) -> QuerySet[Supervision]:
    """Measures that are late, or due within the hour."""
    found = Supervision.objects.filter(stage=Stage.DUE, due_at__lt=now + WITHIN)
    return found.filter(complaint__in=seen.order_by().values("pk")).with_all().order_by("due_at")


def _complaint(burn: Burn, user: User, row: Complaint) -> Burning:
    by_time = burn in (Burn.LATE, Burn.SOON)
    return Burning(
        burn=burn,
        complaint=row,
        what=str(row.get_next_due_kind_display() if by_time else row.get_status_display()),
        who=row.assignee.name if row.assignee else row.team.name if row.team else "",
        act=_act_on(burn, user, row),
        due_at=row.next_due_at if burn != Burn.STUCK else None,
        since=row.last_activity_at if burn == Burn.STUCK else row.received_at,
    )


def _act_on(burn: Burn, user: User, row: Complaint) -> Act:
    """What moves it on from here; the page itself where one must look first."""
    page = reverse("workbench:complaint", args=(row.number,))
    if row.status == Status.REG:
        return Act(_("去分级"), "gauge", href=f"{page}#panel-triage")
    if row.status == Status.TRI or (row.assignee is None and can_dispatch(user, row)):
        return Act(_("去派单"), "git-pull-request-arrow", href=f"{page}#panel-routing")
    if burn == Burn.UNSIGNED and row.status == Status.DIS and directs(user, row):
        accept = reverse("routing:acceptance", args=(row.number,))
        return Act(_("代为签收"), "check", post=accept)
    if burn == Burn.STUCK and row.status in (Status.WCU, Status.W3P) and directs(user, row):
        resume = reverse("routing:resumption", args=(row.number,))
        return Act(pgettext("act", "恢复办理"), "play", post=resume)
    if can_urge(user, row):
        return Act(_("催办"), "megaphone", post=reverse("routing:urging", args=(row.number,)))
    return Act(_("查看"), "external-link", href=page)


def _task(user: User, task: Task) -> Burning:
    department = task.department
    person = task.handler or department.head or department.deputy_head
    return Burning(
        burn=Burn.TASK,
        complaint=task.complaint,
        what=task.title,
        who=" · ".join(filter(None, (department.shown_name, person.name if person else ""))),
        act=Act(
            _("催部门"),
            "megaphone",
            post=reverse("cooperation:remarks", args=(task.pk,)),
            text=_("这项任务已超时，请马上签收或答复；办不了的，请今天说明原因。"),
        ),
        due_at=task.clock.due_at if task.clock else None,
        since=task.at,
    )


def _supervision(one: Supervision) -> Burning:
    return Burning(
        burn=Burn.SUPERVISION,
        complaint=one.complaint,
        what=str(Level(one.level).label),
        who=one.addressee,
        act=Act(_("看督办"), "eye", href=reverse("supervision:supervision", args=(one.pk,))),
        due_at=one.due_at,
        since=one.at,
    )


def supervisions_due(seen: ComplaintQuerySet, now: datetime) -> int:
    return due_supervisions(seen, now).select_related(None).order_by().count()
