"""Followers: what the customer's no, a department's answer, a clock and an end do to steps."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.execution.actions import outside, planning
from huiyin.journey.execution.actions.working import finish
from huiyin.journey.execution.models import Payment, Step
from huiyin.journey.execution.words import Doer, StepState

CLOCK = "execution:"  # what the clocks of steps are called by
NEEDED = ("offer", "task")  # of what stands beside a step: a page shows more


def _of(event: Event) -> Step | None:
    """The step whose task or clock an event tells of."""
    steps = Step.objects.select_related(*NEEDED).filter(complaint=event.complaint_id)
    if pk := event.facts.get("task"):
        return _same(event, steps.filter(task=pk).first())
    if str(event.facts.get("subject", "")).startswith(CLOCK):
        return _same(event, steps.filter(pk=event.facts.get("execution")).first())
    return None


def _same(event: Event, step: Step | None) -> Step | None:
    if step is not None:
        step.complaint = step.offer.complaint = event.complaint
    return step


def call_off(event: Event) -> None:
    """Follow a no after a yes: what is not done is not done any more; what went out is recalled."""
    for step in _open_steps(event.complaint):
        if step.offer_id == event.facts.get("offer"):
            _cancel(step, by=event.by, reason=str(event.facts.get("note", "")))


def call_off_all(event: Event) -> None:
    """Follow an end that is no closing."""
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=event.complaint_id)
    for step in _open_steps(complaint):
        _cancel(step, by=event.by, reason=frozen(What(event.what).label))


def _open_steps(complaint: Complaint) -> list[Step]:
    steps = list(Step.objects.select_related(*NEEDED).open().filter(complaint=complaint))
    for step in steps:
        step.complaint = complaint
    return steps


def _cancel(step: Step, *, by: User, reason: str) -> None:
    gone = step.doer != Doer.SYSTEM or step.state == StepState.PLANNED or outside.call_back(step)
    task = step.task
    state = StepState.CANCELLED if gone else StepState.RECALLED
    problem = "" if gone else step.problem
    if gone and step.paid_fen:
        state = StepState.RECALLED
        problem = _("已经付出一部分，请核对并追回")
    step.turn(state, problem=problem)
    stop_for(step.complaint, subject=step.subject, at=moment.now(), by=by)
    if task is not None and task.is_open:
        task.complaint = step.complaint
        cooperation.cancel(task, by=User.objects.system(), reason=reason or _("客户撤回同意"))
    record(What.STEP_CANCELLED, step.complaint, by=by, **step.facts, reason=reason, note=problem)


def done_at_once(event: Event) -> None:
    """Follow an execution that was told as a whole: it stands for every step that is left.

    Not for what an outside system is doing at this moment: that would be done twice.
    """
    for step in _open_steps(event.complaint):
        if step.offer_id != event.facts.get("offer"):
            continue
        sent = step.doer == Doer.SYSTEM and step.state != StepState.PLANNED
        if sent and not outside.call_back(step):
            sentence = _("外部系统正在办理“%(what)s”，请等结果，或先改由人工")
            raise Refused(sentence % {"what": step.what})
        task = step.task
        now, proof = moment.now(), str(event.facts.get("note", ""))
        left = step.sum.left
        if left:
            Payment.objects.create(
                step=step, amount_fen=left, reference=proof[:300], by=event.by, at=now
            )
        step.turn(
            StepState.DONE,
            paid_fen=step.amount_fen,
            done_at=now,
            done_by=event.by,
            proof=proof,
            problem="",
        )
        stop_for(step.complaint, subject=step.subject, at=now, by=event.by)
        if task is not None and task.is_open:
            task.complaint = step.complaint
            reason = frozen(gettext_lazy("已由处理人登记执行结果"))
            cooperation.cancel(task, by=User.objects.system(), reason=reason)


def task_answered(event: Event) -> None:
    """Follow a department's answer: it is the proof of the step. Money is confirmed by a person."""
    step = _of(event)
    if step is None or step.state != StepState.OPEN or step.doer != Doer.DEPARTMENT:
        return
    assert step.task is not None
    step.task.complaint = event.complaint
    if step.amount_fen:
        return
    answer = step.task.answers.prefetch_related("files").last()
    assert answer is not None
    finish(
        step,
        by=event.by,
        proof=" ".join(answer.text.split())[:300],
        evidence=next(iter(answer.files.all()), None),
    )


def task_gone(event: Event) -> None:
    """Follow the end of its task by other hands: whoever handles the complaint does the step."""
    step = _of(event)
    if step is None or not step.is_running or step.doer != Doer.DEPARTMENT:
        return
    planning.by_hand(step, _("协办任务已撤销"))
    doer, problem = step.doer, step.problem
    step.doer = Doer.DEPARTMENT
    step.turn(StepState.OPEN, doer=doer, problem=problem, task=None)


def task_returned(event: Event) -> None:
    """Follow a return: kept at the step, so that whoever looks knows why it stands still."""
    step = _of(event)
    if step is not None and step.is_running:
        reason = str(event.facts.get("reason", ""))
        step.turn(
            StepState(step.state),
            problem=_("部门退回任务：%(why)s") % {"why": reason},
        )


@transaction.atomic
def foresee(event: Event) -> None:
    """Follow a warning or a miss of its clock: is it going to be later than the customer knows?"""
    if not str(event.facts.get("subject", "")).startswith(CLOCK):
        return
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=event.complaint_id)
    step = _of(event)
    if step is None or not step.is_running:
        return
    step.complaint = step.offer.complaint = complaint
    day = planning.forecast(step, moment.now())
    planning.tell_if_late(step, day, by=User.objects.system())
