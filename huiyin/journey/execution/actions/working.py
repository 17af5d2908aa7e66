"""Carrying steps out by hand: proof, payments, other dates, what others did not manage."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks import actions as webhooks
from huiyin.ground.webhooks.words import CallState
from huiyin.journey.clocks.actions import move_for, stop_for
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.execution import rules
from huiyin.journey.execution.actions import outside, planning
from huiyin.journey.execution.models import Payment, Step
from huiyin.journey.execution.permissions import can_complete, can_steer
from huiyin.journey.execution.words import Doer, StepState
from huiyin.journey.resolution.rules import yuan

UNKNOWN = (CallState.WAITING, CallState.ACCEPTED, CallState.LOST, CallState.MISMATCH)


def _running(step: Step) -> Complaint:
    """Hold it still; refused when it is not this step's turn any more."""
    step.complaint.hold()
    if step.complaint.status != Status.EXE:
        raise Refused(_("只有方案执行中的投诉可以办理执行步骤，请刷新查看最新进展"))
    if not step.is_running:
        raise Refused(_("这一步还没有轮到，或已经办完，请刷新查看最新进展"))
    return step.complaint


@transaction.atomic
def complete(
    step: Step,
    *,
    by: User,
    proof: str,
    paid_fen: int | None = None,
    partial: bool = False,
    upload: UploadedFile[Any] | None = None,
) -> Step:
    """It is done, with proof. Money: what was paid must be what is still owed; in parts (`partial`)
    until it is. Raises Invalid with fields proof, paid, file."""
    can_complete.require(by, step)
    _running(step)
    if step.doer == Doer.SYSTEM:
        raise Refused(_("这一步由外部系统办理；没有办成时可以重试，或改由人工办理"))
    if step.task is not None and step.task.is_waiting:
        raise Refused(_("部门还在办理这一步；要自己办理，请先撤销协办任务"))
    missing = _("请写明凭证，例如流水号、运单号，或说明怎样办好的")
    proof = said(proof, name="proof", most=rules.LONGEST_PROOF, missing=missing)
    evidence = _kept(step, by, upload)
    if step.amount_fen:
        _pay(step, by=by, paid_fen=paid_fen, partial=partial, proof=proof, evidence=evidence)
        if step.sum.left:
            return step
    finish(step, by=by, proof=proof, evidence=evidence)
    return step


def _kept(step: Step, by: User, upload: UploadedFile[Any] | None) -> Evidence | None:
    if upload is None:
        return None
    described = Description(about=step.what_zh)
    return keep_evidence(step.complaint, by=by, upload=upload, described=described)


def _pay(
    step: Step,
    *,
    by: User,
    paid_fen: int | None,
    partial: bool,
    proof: str,
    evidence: Evidence | None,
) -> None:
    owed = step.sum
    paying = owed.left if paid_fen is None else paid_fen
    if why := owed.judge(paying, partial=partial):
        sentence = _refusal(why) % {"paid": yuan(max(paying, 0)), "left": yuan(owed.left)}
        raise Invalid(sentence, paid=_("金额不符"))
    try:
        with transaction.atomic():
            Payment.objects.create(
                step=step,
                amount_fen=paying,
                reference=proof,
                evidence=evidence,
                by=by,
                at=moment.now(),
            )
    except IntegrityError as error:
        sentence = _("凭证“%(proof)s”已经登记过，请核对，不要重复登记") % {"proof": proof}
        raise Invalid(sentence, proof=sentence) from error
    step.turn(StepState(step.state), paid_fen=step.paid_fen + paying)
    if step.sum.left:
        told = {"paid": yuan(paying), "left": yuan(step.sum.left)}
        note = frozen(gettext_lazy("部分付款 %(paid)s，还应付 %(left)s")) % told
        record(What.STEP_SENT, step.complaint, by=by, **step.facts, note=note)


def _refusal(why: str) -> str:
    return {
        "nothing": _("请填写实付金额"),
        "more": _("实付 %(paid)s 超过还应付的 %(left)s；金额有变请先与客户重新商定方案"),
        "less": _(
            "实付 %(paid)s 与客户同意、还应付的 %(left)s 不符；分次支付请勾选“部分付款”，"
            "金额有变请先与客户重新商定方案"
        ),
    }[why]


def finish(step: Step, *, by: User, proof: str, evidence: Evidence | None = None) -> None:
    """Whoever did it: written down, its clock stops, the next begins. The complaint is held."""
    now = moment.now()
    kept = proof[:500]
    if step.amount_fen:
        references = step.payments.values_list("reference", flat=True)
        kept = "；".join(dict.fromkeys(references))[:500] or kept
    step.turn(StepState.DONE, done_at=now, done_by=by, proof=kept, evidence=evidence, problem="")
    stop_for(step.complaint, subject=step.subject, at=now, by=by)
    record(What.STEP_DONE, step.complaint, by=by, **step.facts, note=proof[:200])
    if step.task is not None and step.task.state == "answered":
        cooperation.accept(step.task, by=User.objects.system())
    planning.go_on(step, by=by)


@transaction.atomic
def retry(step: Step, *, by: User) -> Step:
    """Ask the outside system once more: what surely failed anew, what got lost under its old id."""
    can_steer.require(by, step)
    _running(step)
    call = step.call
    if step.doer != Doer.SYSTEM or step.state != StepState.FAILED or call is None:
        raise Refused(_("只有外部系统没有办成的步骤可以重试"))
    if call.state == CallState.FAILED:
        outside.send(step)
    else:
        webhooks.send_again(call)
    step.turn(StepState.OPEN, problem="")
    record(
        What.STEP_SENT,
        step.complaint,
        by=by,
        **step.facts,
        to=step.who,
        note=frozen(gettext_lazy("重试")),
    )
    return step


@transaction.atomic
def take_over(step: Step, *, by: User, reason: str, sure: bool = False, paid_fen: int = 0) -> Step:
    """Done by hand from now on, whoever was to do it. `paid_fen`: what the outside system did pay,
    as somebody has checked; `sure`: that it did not do, and will not do, the rest."""
    can_steer.require(by, step)
    _running(step)
    if step.doer not in (Doer.SYSTEM, Doer.DEPARTMENT):
        raise Refused(_("这一步本来就由人工办理"))
    missing = _("请写明为什么改由人工办理")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=missing, least=4)
    unknown = False
    if step.doer == Doer.SYSTEM:
        unknown = not outside.call_back(step)
        call = step.call
        if unknown and call is not None and call.state in UNKNOWN and not sure:
            sentence = _(
                "外部系统可能已经办理；请先向对方核实，确认没有办成后再改由人工，避免重复付款"
            )
            raise Invalid(sentence, sure=_("请核实并确认"))
    doer = Doer.FINANCE if step.amount_fen else Doer.HANDLER
    task = step.task
    step.turn(StepState.OPEN, doer=doer, problem="", task=None)
    if task is not None and task.is_open:
        cooperation.cancel(task, by=User.objects.system(), reason=reason)
    record(What.STEP_SENT, step.complaint, by=by, **step.facts, to=frozen(step.who), reason=reason)
    if paid_fen:
        call_id = step.call.reference or step.call.uid if step.call else ""
        proof = frozen(gettext_lazy("外部系统支付，已核实 %(id)s")) % {"id": call_id}
        whole = paid_fen == step.sum.left
        _pay(step, by=by, paid_fen=paid_fen, partial=True, proof=proof, evidence=None)
        if whole:
            finish(step, by=by, proof=proof)
            return step
    step.complaint.carry(waits_for=[Role.FINANCE] if doer == Doer.FINANCE else [])
    return step


@transaction.atomic
def postpone(step: Step, *, by: User, due_on: date | None, reason: str) -> bool:
    """It will be done on another day. Later than the customer knows: he is told, with the reason.

    Says whether he is told. Raises Invalid with fields due_on, reason.
    """
    can_steer.require(by, step)
    complaint = _running(step)
    sentence = _("请选择今天之后一年之内的日期")
    if due_on is None or not 0 <= planning.days_until(due_on) <= rules.LATEST_DAYS:
        raise Invalid(sentence, due_on=sentence)
    missing = _("请写明原因，客户会看到")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=missing, least=4)
    due = planning.evening_of(due_on)
    if due <= moment.now():
        raise Invalid(sentence, due_on=sentence)
    assert step.clock is not None
    move_for(complaint, step.clock, due_at=due)
    step.clock.refresh_from_db()
    return planning.tell_if_late(step, planning.forecast(step, moment.now()), by=by, reason=reason)


@transaction.atomic
def settle_recall(step: Step, *, by: User, words: str) -> None:
    """What became of something that was called back, as somebody found out."""
    can_steer.require(by, step)
    list(Complaint.objects.select_for_update(no_key=True).filter(pk=step.complaint_id).values("pk"))
    if step.state != StepState.RECALLED:
        raise Refused(_("这一步不在等撤回确认，请刷新查看最新进展"))
    missing = _("请写明核实的结果，例如：对方未办理；或已办理、已追回及凭证")
    words = said(words, name="words", most=rules.LONGEST_REASON, missing=missing, least=4)
    step.turn(StepState.CANCELLED, problem="", proof=words, done_by=by, done_at=moment.now())
    record(What.STEP_CANCELLED, step.complaint, by=by, **step.facts, note=words)
