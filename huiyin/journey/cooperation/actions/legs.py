"""The beginning and the end of a department's time with a task: the one place that runs clocks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import run_for, stop_for
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import ComplaintAccess
from huiyin.journey.complaint.words import Severity, Sight
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.models import Leg, Task
from huiyin.journey.cooperation.people import belongs
from huiyin.journey.cooperation.words import End

ALWAYS = "always"


def begin(task: Task, *, by: User, at: datetime, why: str = "") -> Leg:
    """The department of the task has it from now on: to be signed, and to be answered."""
    department = task.department
    day = calendar(department.calendar_code)
    leg = Leg.objects.create(
        task=task,
        department=department,
        handler=task.handler,
        given_by=by,
        why=why,
        began_at=at,
        return_until=due_at(at, rules.RETURN_WITHIN_WORK_DAYS, "work_days", day),
        sign_clock=_to_sign(task, at),
        clock=run_answer(task, at, task.amount, task.unit),
    )
    Task.objects.filter(pk=task.pk).update(leg=leg)
    task.leg = leg
    return leg


def _to_sign(task: Task, at: datetime) -> Clock:
    department = task.department
    urgent = task.complaint.severity == Severity.S1
    hours = min(float(department.sign_in_hours), rules.SIGN_S1_WITHIN_HOURS)
    return run_for(
        task.complaint,
        ClockKind.TASK_SIGN_IN,
        subject=task.subject,
        label=label(task),
        amount=Decimal(str(hours)) if urgent else department.sign_in_hours,
        unit=Unit.HOURS if urgent else Unit.WORK_HOURS,
        calendar_code=ALWAYS if urgent else department.calendar_code,
        start=at,
        department=department,
        person=task.handler,
    )


def run_answer(task: Task, at: datetime, amount: Decimal, unit: str) -> Clock:
    """The clock of the answer; it may be lengthened to twice its time."""
    return run_for(
        task.complaint,
        ClockKind.TASK,
        subject=task.subject,
        label=label(task),
        amount=amount,
        unit=unit,
        calendar_code=task.department.calendar_code,
        start=at,
        department=task.department,
        person=task.handler,
        most_extra=amount,
    )


def label(task: Task) -> str:
    return f"{task.department.name}：{task.title}"[:120]


def finish(
    task: Task,
    how: End,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    owner: Department | None = None,
) -> None:
    """The department has it no more: its clocks stop, its links die with it."""
    stop_for(task.complaint, subject=task.subject, at=at, by=by)
    leg = task.current
    Leg.objects.filter(pk=leg.pk, ended_at=None).update(
        ended=how, ended_at=at, reason=reason, owner=owner
    )
    leg.refresh_from_db()


def checked_handler(department: Department, handler: User | None, task_complaint: int) -> None:
    """Somebody of this department, and not the one the complaint is about."""
    if handler is None:
        return
    if not belongs(handler, department):
        sentence = _("%(name)s 不是 %(department)s 的人员") % {
            "name": handler.name,
            "department": department.shown_name,
        }
        raise Invalid(sentence, handler=sentence)
    barred = ComplaintAccess.objects.filter(
        complaint=task_complaint, user=handler, sight=Sight.BARRED
    )
    if barred.exists():
        sentence = _("%(name)s 应当回避这条投诉，请选择别人") % {"name": handler.name}
        raise Invalid(sentence, handler=sentence)


def in_use(department: Department | None) -> Department:
    if department is None or department.retired_at is not None:
        sentence = _("请选择部门或单位")
        raise Invalid(sentence, department=sentence)
    return department
