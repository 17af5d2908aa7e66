"""Departments: whose matter a task is, and more time for one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import Department, User
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.models import Dispute, MoreTime
from huiyin.journey.cooperation.permissions import can_judge, can_rule
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind

# --- disputes --------------------------------------------------------------------------------


def _disputes() -> QuerySet[Dispute]:
    return Dispute.objects.select_related(
        "task__complaint__team",
        "task__complaint__assignee",
        "task__department",
        "task__by",
        "task__leg__clock",
        "by",
        "owner",
        "decided_by",
        "department",
    )


def _disputes_for(user: User) -> QuerySet[Dispute]:
    tasks = actions.waiting_for(user).order_by().values("pk")
    return _disputes().filter(decided_at=None, task__in=tasks)


def _tell_dispute(dispute: Dispute) -> Item:
    task = dispute.task
    return Item(
        kind=DISPUTE,
        pk=dispute.pk,
        complaint=task.complaint,
        by=dispute.by.shown_name,
        why=dispute.reason,
        asked=f"{task.department.shown_name}：{task.title}",
        since=dispute.at,
        due_at=task.clock.due_at if task.clock else None,
        clock=task.clock,
    )


def _dispute_in_full(dispute: Dispute, user: User) -> dict[str, Any]:
    task, ruled = dispute.task, dispute.decided_at is not None
    may = not ruled and can_rule(user, task)
    return {
        "dispute": dispute,
        "task": task,
        "open": not ruled,
        "outcome": dispute.ruling,
        "decided_by": dispute.decided_by,
        "decided_at": dispute.decided_at,
        "refusal": "" if may else str(can_rule.sentence),
        "departments": list(Department.objects.in_use()) if may else [],
    }


def _rule(dispute: Dispute, by: User, data: Data) -> str:
    code = data.get("department", "")
    department = Department.objects.in_use().filter(code=code).first()
    task = dispute.task
    stays = department is not None and department.pk == task.department_id
    actions.rule(task, by=by, department=department, reason=data.get("note", ""))
    if stays:
        return _("已裁定：维持")
    return _("已裁定：改由 %(name)s 办理") % {"name": department.shown_name if department else ""}


DISPUTE = Kind(
    key="dispute",
    title=gettext_lazy("任务争议"),
    icon="gavel",
    waiting=_disputes_for,
    rows=_disputes,
    complaint="task__complaint",
    since="at",
    person="by__name",
    tell=_tell_dispute,
    detail=_dispute_in_full,
    form="inbox/forms/dispute.html",
    decide=_rule,
)


# --- more time -------------------------------------------------------------------------------


def _more_time() -> QuerySet[MoreTime]:
    return MoreTime.objects.select_related(
        "task__complaint__team",
        "task__complaint__assignee",
        "task__department",
        "task__leg__clock",
        "task__leg__sign_clock",
        "clock",
        "decided_by",
    )


def _tell_more_time(asked: MoreTime) -> Item:
    return Item(
        kind=MORE_TIME,
        pk=asked.pk,
        complaint=asked.task.complaint,
        by=f"{asked.task.department.shown_name} · {asked.name}",
        why=asked.reason,
        asked=f"+{asked.said_amount}",
        since=asked.at,
        due_at=asked.clock.due_at,
    )


def _more_time_in_full(asked: MoreTime, user: User) -> dict[str, Any]:
    waits = asked.decided_at is None and asked.task.is_waiting
    may = waits and can_judge(user, asked.task)
    outcome = _("同意") if asked.granted else _("不同意")
    return {
        "asked": asked,
        "task": asked.task,
        "open": waits,
        "outcome": outcome if asked.decided_at else asked.task.get_state_display(),
        "decided_by": asked.decided_by,
        "decided_at": asked.decided_at,
        "refusal": "" if may else str(can_judge.sentence),
    }


def _decide_more_time(asked: MoreTime, by: User, data: Data) -> str:
    granted = data.get("approve") == "1"
    actions.decide_more_time(asked, by=by, granted=granted, note=data.get("note", ""))
    if not granted:
        return _("已答复：不同意延期")
    return _("已同意延长 %(amount)s") % {"amount": asked.said_amount}


def _grant(asked: MoreTime, by: User) -> str:
    return _decide_more_time(asked, by, {"approve": "1"})


MORE_TIME = Kind(
    key="more-time",
    title=gettext_lazy("部门延期"),
    icon="hourglass",
    waiting=actions.more_time_for,
    rows=_more_time,
    complaint="task__complaint",
    since="at",
    person="name",
    tell=_tell_more_time,
    detail=_more_time_in_full,
    form="inbox/forms/more_time.html",
    decide=_decide_more_time,
    many=_grant,
)
