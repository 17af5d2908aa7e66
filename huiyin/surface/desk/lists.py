"""Which tasks a list shows, for the department and for those who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.lifecycle import WAITING
from huiyin.journey.cooperation.models import Task, TaskQuerySet
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES
from huiyin.journey.cooperation.permissions import RULERS
from huiyin.journey.cooperation.words import State

PAGE = 50
MOST = 99  # shown as 99+


@dataclass(frozen=True)
class View:
    """`picks` from what the reader sees; `ended` ones come by key, newest first."""

    key: str
    title: Any
    picks: Callable[[QuerySet[Task], User, datetime], QuerySet[Task]]
    empty: Any
    hot: bool = False
    ended: bool = False


def _late(found: QuerySet[Task], _user: User, now: datetime) -> QuerySet[Task]:
    assert isinstance(found, TaskQuerySet)
    return found.late(now)


DEPARTMENT: tuple[View, ...] = (
    View(
        "todo",
        _("待办理"),
        lambda found, user, now: found.filter(state__in=WAITING),
        _("派给本部门的任务会出现在这里，最急的在最前面。现在没有要办的。"),
    ),
    View(
        "new",
        _("待签收"),
        lambda found, user, now: found.filter(state=State.SENT),
        _("没有待签收的任务。"),
        hot=True,
    ),
    View("late", _("已超时"), _late, _("没有超时的任务。"), hot=True),
    View(
        "answered",
        _("等对方确认"),
        lambda found, user, now: found.filter(
            state__in=(State.ANSWERED, State.RETURNED, State.DISPUTED)
        ),
        _("答复、退回或提出争议之后，任务会在这里等对方确认。"),
    ),
    View(
        "ended",
        _("已结束"),
        lambda found, user, now: found.filter(state__in=(State.DONE, State.CANCELLED)),
        _("办结和撤销的任务会出现在这里。"),
        ended=True,
    ),
)
OURS: tuple[View, ...] = (
    View(
        "mine",
        _("我下发和经手的"),
        lambda found, user, now: found.filter(Q(by=user) | Q(complaint__assignee=user)).open(),  # type: ignore[attr-defined]
        _("您请部门协办的任务会出现在这里：在投诉页的“协办”面板里下发。"),
    ),
    View(
        "judge",
        _("待我确认"),
        lambda found, user, now: found.filter(
            Q(by=user) | Q(complaint__assignee=user),
            state__in=(State.ANSWERED, State.RETURNED),
        ),
        _("部门答复或退回之后，在这里等您确认。"),
        hot=True,
    ),
    View("late", _("已超时"), _late, _("没有超时的任务。"), hot=True),
    View(
        "disputes",
        _("待裁定"),
        lambda found, user, now: found.filter(pk__in=actions.waiting_for(user).values("pk")),
        _("没有等您裁定的争议。"),
        hot=True,
    ),
    View(
        "open",
        _("全部未结"),
        lambda found, user, now: found.open(),  # type: ignore[attr-defined]
        _("没有未结的任务。"),
    ),
)


def is_department(user: User) -> bool:
    """Whether this person's desk is a department's. By role: every page's frame asks."""
    return user.has_role(*DEPARTMENT_ROLES)


def whose(user: User) -> str:
    """What stands above the list."""
    if user.department is not None and is_department(user):
        return str(user.department.shown_name)
    return str(_("协办任务"))


def views_of(user: User) -> tuple[View, ...]:
    if is_department(user):
        return DEPARTMENT
    return tuple(one for one in OURS if one.key != "disputes" or user.has_role(*RULERS))


def seen_by(user: User) -> TaskQuerySet:
    """What the lists of this person are picked from."""
    tasks = Task.objects.all()
    if is_department(user):
        return tasks.of_department(user)
    ours = Complaint.objects.visible_to(user)
    return tasks.filter(complaint__in=ours.values("pk"))


def rows(
    user: User, view: View, now: datetime, before: int | None
) -> tuple[list[Task], int | None]:
    """A page of tasks, the most urgent first; ended ones by key, with where to go on."""
    found = view.picks(seen_by(user), user, now).select_related(
        "complaint", "department", "handler", "by", "leg__sign_clock", "leg__clock"
    )
    if not view.ended:
        due = Coalesce(F("leg__clock__due_at"), F("at"))
        return list(found.order_by(due, "pk")[: 4 * PAGE]), None
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found.order_by("-pk")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def counts(user: User, now: datetime) -> dict[str, str]:
    """How many wait in each view, capped; ended ones are not counted."""
    found = {}
    for view in views_of(user):
        if not view.ended:
            count = view.picks(seen_by(user), user, now).order_by()[: MOST + 1].count()
            found[view.key] = str(count) if count <= MOST else f"{MOST}+"
    return found


def badge(user: User) -> dict[str, int]:
    """How many tasks wait for this person's department: the number in the side bar."""
    if not is_department(user):
        return {}
    waiting = seen_by(user).filter(state__in=WAITING).order_by()
    return {"tasks": waiting[: MOST + 1].count()}
