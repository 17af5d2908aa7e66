"""Steps that outside systems carry out: asked once, taken in however they report, called back."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.sentence import as_sentence
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks import actions as webhooks
from huiyin.ground.webhooks.models import Call
from huiyin.ground.webhooks.words import CallState
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.execution.models import Payment, Step
from huiyin.journey.execution.words import Doer, StepState
from huiyin.journey.resolution.rules import yuan

STEP = "execution.step"
CANCEL = "execution.cancel"
OF_CASE = gettext_lazy("%(what)s，投诉 %(number)s")
SUM_OF_CASE = gettext_lazy("%(what)s %(sum)s 元，投诉 %(number)s")
CALLED_BACK = gettext_lazy("撤回：%(what)s")
BAD = (CallState.FAILED, CallState.REFUSED, CallState.LOST, CallState.MISMATCH)


def send(step: Step) -> None:
    """Ask the outside system. No name, number or address of the customer leaves the house."""
    assert step.endpoint is not None
    step.call = webhooks.ask(
        step.endpoint,
        kind=STEP,
        subject=step.asked_as,
        about=_told(step),
        data=_data(step),
        amount_fen=step.sum.left if step.amount_fen else None,
    )
    Step.objects.filter(pk=step.pk).update(call=step.call)


def _told(step: Step) -> str:
    """“退款 58.00 元，投诉 TS2026-000123”"""
    told = {"what": step.what_zh, "number": step.complaint.number}
    if not step.amount_fen:
        return frozen(OF_CASE) % told
    told["sum"] = f"{step.sum.left / 100:.2f}"
    return frozen(SUM_OF_CASE) % told


def _data(step: Step) -> dict[str, Any]:
    offer, complaint = step.offer, step.complaint
    money: dict[str, Any] = {}
    if step.amount_fen:
        left = step.sum.left
        money = {"amount": f"{left // 100}.{left % 100:02d}", "amount_fen": left, "currency": "CNY"}
    return {
        "text": _told(step),
        "case": complaint.number,
        "order_no": complaint.order_no,
        "remedy": offer.remedy_id,
        "what": step.what_zh,
        "step": step.pk,
        "due_at": step.due_at.isoformat() if step.due_at else None,
        **money,
    }


def call_back(step: Step) -> bool:
    """Take back what was asked. True: it never went out; False: it may have, so it is recalled."""
    call = step.call
    if call is None or webhooks.cancel(call):
        return True
    if call.state in (CallState.CANCELLED, CallState.FAILED, CallState.REFUSED):
        return True
    endpoint = step.endpoint
    if endpoint is None or not endpoint.takes(CANCEL):
        step.problem = _("可能已送达外部系统，请人工联系对方撤回")
        return False
    if not webhooks.open_calls(f"recall:{step.pk}"):
        data = {**_data(step), "cancels": call.uid}
        about = frozen(CALLED_BACK) % {"what": call.about}
        webhooks.ask(endpoint, kind=CANCEL, subject=f"recall:{step.pk}", about=about, data=data)
    step.problem = _("已请外部系统撤回，等对方确认")
    return False


# --- what is heard of it -------------------------------------------------------------------------


def heard(call: Call) -> None:
    """Listen to the webhooks: what became of a call of ours. May be told the same again."""
    kind, _colon, pk = call.subject.partition(":")
    step = Step.objects.filter(pk=int(pk)).first()
    if step is None:
        return
    # Held as every act holds it; whatever its status is by now, what is reported is written down.
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=step.complaint_id)
    step = Step.objects.with_all().get(pk=step.pk)
    step.complaint = complaint
    call.refresh_from_db()
    if kind == "recall":
        _recalled(step, call)
    elif step.call_id == call.pk and step.doer == Doer.SYSTEM and step.is_running:
        _reported(step, call)
    elif call.state in (CallState.DONE, CallState.MISMATCH):
        _too_late(step, call)


def _reported(step: Step, call: Call) -> None:
    from huiyin.journey.execution.actions.working import finish

    if call.state == CallState.ACCEPTED and step.state != StepState.ACCEPTED:
        step.turn(StepState.ACCEPTED, problem="")
    elif call.state == CallState.DONE:
        reference = call.reference or call.uid
        if step.amount_fen:
            _paid(step, call.reported_fen or 0, reference)
        finish(step, by=User.objects.system(), proof=reference)
    elif call.state in BAD:
        state = StepState.MISMATCH if call.state == CallState.MISMATCH else StepState.FAILED
        why = _with(CallState(call.state).label, call.error)
        if (step.state, step.problem) != (state, why):
            flag(step, why, state=state)


def _with(told: str | Promise, why: str) -> str:
    """What happened, and what the other side says of it."""
    return _("%(what)s：%(why)s") % {"what": told, "why": why} if why else as_sentence(told)


def _paid(step: Step, fen: int, reference: str) -> None:
    system = User.objects.system()
    Payment.objects.create(
        step=step, amount_fen=fen, reference=reference[:300], by=system, at=moment.now()
    )
    step.turn(StepState(step.state), paid_fen=step.paid_fen + fen)


def flag(step: Step, why: str, *, state: StepState | None = None) -> None:
    """Something is wrong with it: kept at the step, told to whoever handles the complaint."""
    step.turn(state or StepState(step.state), problem=why)
    record(What.STEP_FAILED, step.complaint, by=User.objects.system(), **step.facts, reason=why)


def _recalled(step: Step, call: Call) -> None:
    if step.state != StepState.RECALLED:
        return
    if call.state == CallState.DONE:
        step.turn(StepState.CANCELLED, problem="")
        told = {**step.facts, "note": _("外部系统已确认撤回")}
        record(What.STEP_CANCELLED, step.complaint, by=User.objects.system(), **told)
    elif call.state in BAD:
        why = _with(_("外部系统没有撤回，请人工联系对方"), call.error)
        if step.problem != why:
            flag(step, why)


def _too_late(step: Step, call: Call) -> None:
    """Done by them although it was taken back or done by hand: money may have gone out twice."""
    fen = yuan(call.reported_fen) if call.reported_fen is not None else ""
    why = _("外部系统又报告已办成 %(amount)s（%(reference)s），请核对并追回") % {
        "amount": fen,
        "reference": call.reference or call.uid,
    }
    if step.problem != why:
        flag(step, why)
