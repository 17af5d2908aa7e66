"""What our side decides: accepting, sending back, sending on, ruling, more time, cancelling."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import extend_for
from huiyin.journey.clocks.rules import is_amount
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.actions import legs
from huiyin.journey.cooperation.actions.working import move
from huiyin.journey.cooperation.models import Answer, Dispute, Leg, MoreTime, Task
from huiyin.journey.cooperation.permissions import RULERS, can_judge, can_rule
from huiyin.journey.cooperation.words import End, State, Verdict


@transaction.atomic
def accept(task: Task, *, by: User, note: str = "") -> None:
    """Take the answer as it is (采纳): the task is done."""
    can_judge.require(by, task)
    task.complaint.hold()
    note = said(note, name="note", most=rules.LONGEST_REASON)
    now = moment.now()
    task.turn(State.DONE, ended_at=now)
    _judged(task, Verdict.ACCEPTED, by=by, note=note)
    legs.finish(task, End.DONE, by=by, at=now)
    record(What.TASK_DONE, task.complaint, by=by, **task.facts, note=note)


@transaction.atomic
def redo(
    task: Task,
    *,
    by: User,
    reason: str,
    amount: Decimal | None = None,
    unit: str = "",
) -> None:
    """Send the answer back to be done better (退回重办): twice at most, with a new limit."""
    can_judge.require(by, task)
    task.complaint.hold()
    sentence = _("请写明哪里没有答清楚、还要查什么")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence, least=4)
    if task.redone >= rules.MOST_REDOS:
        raise Refused(_("已经退回重办两次；请采纳，或由督办员督办这个部门"))
    unit = unit or task.unit
    amount = task.amount if amount is None else amount
    if unit not in Unit.values or not is_amount(float(amount), unit):
        sentence = _("请填写答复时限，例如 2 个工作日")
        raise Invalid(sentence, amount=sentence)
    now = moment.now()
    task.turn(State.SIGNED, redone=task.redone + 1)
    _judged(task, Verdict.REDO, by=by, note=reason)
    leg = task.current
    clock = legs.run_answer(task, now, amount, unit)
    Leg.objects.filter(pk=leg.pk).update(clock=clock, redone=leg.redone + 1)
    leg.refresh_from_db()
    record(What.TASK_REDONE, task.complaint, by=by, **task.facts, reason=reason)


def _judged(task: Task, verdict: Verdict, *, by: User, note: str) -> None:
    last = task.answers.last()
    if last is not None:
        Answer.objects.filter(pk=last.pk).update(
            verdict=verdict, judged_by=by, judged_at=moment.now(), note=note
        )


@transaction.atomic
def send_on(
    task: Task,
    *,
    by: User,
    department: Department | None,
    handler: User | None = None,
    reason: str = "",
) -> None:
    """What was returned goes to whose matter it is (改派); after three hops a ruler decides."""
    can_judge.require(by, task)
    task.complaint.hold()
    department = legs.in_use(department)
    if task.state != State.RETURNED:
        raise Refused(_("只有被退回的任务可以改派，请刷新页面查看最新进展"))
    if department.pk == task.department_id:
        sentence = _("这个部门刚刚退回；认为应由它办理，请提出争议")
        raise Invalid(sentence, department=sentence)
    legs.checked_handler(department, handler, task.complaint_id)
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    if task.hops >= rules.MOST_HOPS and not by.has_role(*RULERS):
        raise Refused(_("这项任务已经转过三次，请提出争议，由督办员或主管裁定由谁办理"))
    move(task, department, by=by, how=None, reason=reason, handler=handler)
    record(What.TASK_FORWARDED, task.complaint, by=by, **task.facts, reason=reason)


@transaction.atomic
def rule(task: Task, *, by: User, department: Department | None, reason: str) -> None:
    """Decide whose matter it is (裁定). From then on nobody returns it (潍坊条例 22)."""
    can_rule.require(by, task)
    task.complaint.hold()
    department = legs.in_use(department)
    sentence = _("请写明裁定的理由")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence, least=4)
    dispute = task.open_dispute
    if dispute is None:
        raise Refused(_("这项任务没有待裁定的争议，请刷新页面查看最新进展"))
    now = moment.now()
    stays = department.pk == task.department_id
    Leg.objects.filter(pk=dispute.leg_id).update(lost=stays)
    if stays and dispute.state != State.RETURNED:
        task.turn(State(dispute.state), ruled_at=now)
    else:
        had = dispute.state != State.RETURNED
        how = End.RULED if had else None
        move(task, department, by=by, how=how, reason=reason, ruled_at=now)
    Dispute.objects.filter(pk=dispute.pk, decided_at=None).update(
        decided_by=by, decided_at=now, department=department, ruling=reason
    )
    note = _("维持") if stays else _("改由 %(name)s 办理") % {"name": department.name}
    record(What.TASK_RULED, task.complaint, by=by, **task.facts, note=frozen(note), reason=reason)


@transaction.atomic
def decide_more_time(asked: MoreTime, *, by: User, granted: bool, note: str = "") -> None:
    """Grant or refuse more time, before expiry."""
    task = asked.task
    can_judge.require(by, task)
    task.complaint.hold()
    missing = "" if granted else _("不同意时请写明原因")
    note = said(note, name="note", most=rules.LONGEST_REASON, missing=missing)
    now = moment.now()
    waiting = MoreTime.objects.filter(pk=asked.pk, decided_at=None)
    if not task.is_waiting or not waiting.update(
        granted=granted, decided_by=by, decided_at=now, note=note
    ):
        raise Refused(_("这份申请已经有了决定，或任务已不在办理中，请刷新页面"))
    asked.granted = granted
    facts = {**task.facts, "subject": task.subject, "note": f"+{asked.said_amount}"}
    if not granted:
        record(What.EXTENSION_REFUSED, task.complaint, by=by, **facts, reason=note)
        return
    clock = task.current.clock
    if clock is None or clock.pk != asked.clock_id:
        raise Refused(_("这份申请已经有了决定，或任务已不在办理中，请刷新页面"))
    old = clock.due_at
    extend_for(clock, amount=asked.amount, reason=asked.reason, by=by)
    record(
        What.TASK_EXTENDED,
        task.complaint,
        by=by,
        **facts,
        reason=asked.reason,
        old=old.isoformat(),
        due_at=clock.due_at.isoformat(),
    )


@transaction.atomic
def cancel(task: Task, *, by: User, reason: str) -> None:
    """It is not needed any more (撤销)."""
    can_judge.require(by, task)
    task.complaint.hold()
    sentence = _("请写明撤销原因，部门会看到")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence)
    cancelled(task, by=by, reason=reason)


def cancelled(task: Task, *, by: User, reason: str) -> None:
    """The end of it, whoever asked for that."""
    now = moment.now()
    task.turn(State.CANCELLED, ended_at=now, end_reason=reason)
    legs.finish(task, End.CANCELLED, by=by, at=now, reason=reason)
    Dispute.objects.filter(task=task, decided_at=None).update(
        decided_by=by, decided_at=now, ruling=reason
    )
    MoreTime.objects.filter(task=task, decided_at=None).update(
        granted=False, decided_by=by, decided_at=now, note=reason
    )
    record(What.TASK_CANCELLED, task.complaint, by=by, **task.facts, reason=reason)


def waiting_for(user: User) -> QuerySet[Task]:
    """Disputes that wait for this person's ruling, the oldest first."""
    if not user.has_role(*RULERS):
        return Task.objects.none()
    seen = Complaint.objects.visible_to(user).values("pk")
    found = Task.objects.with_all().filter(state=State.DISPUTED, complaint__in=seen)
    own = found.exclude(by=user).exclude(disputes__by=user, disputes__decided_at=None)
    if not user.has_role(Role.SUPERVISION, Role.MANAGER):
        own = own.filter(complaint__team__in=user.team_ids)
    return own.order_by("pk")


def more_time_for(user: User) -> QuerySet[MoreTime]:
    """Requests for more time that wait for this person, the oldest first: those he asked, and
    those of complaints that he handles."""
    seen = Complaint.objects.visible_to(user).values("pk")
    found = MoreTime.objects.filter(decided_at=None, task__complaint__in=seen)
    # Two questions joined by OR would read every complaint: the handler's are found by their keys.
    handled = MoreTime.objects.filter(decided_at=None, task__complaint__assignee=user).values("pk")
    mine = found.filter(Q(task__by=user) | Q(pk__in=handled))
    return mine.select_related("task__complaint", "task__department", "clock").order_by("pk")
