"""The panel of steps and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.execution import actions, rules
from huiyin.journey.execution.models import BESIDE, Step
from huiyin.journey.execution.permissions import can_steer
from huiyin.journey.execution.words import Doer, StepState
from huiyin.journey.resolution.forms import NO_AMOUNT
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import read_yuan
from huiyin.journey.resolution.words import OfferState

BEGUN = (OfferState.AGREED, OfferState.EXECUTED)


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """What must be done for what was agreed, how far it is, and whose turn it is."""
    offers = rows(complaint, "offers", lambda found: found.select_related("remedy", "by"))
    answered = [one for one in offers if one.answered_at is not None]
    if not answered:
        return None
    steps = rows(
        complaint,
        "steps",
        lambda found: found.select_related(*BESIDE).order_by("-offer", "position"),
    )
    current = next((one for one in answered if one.state in BEGUN), answered[0])
    shown = [one for one in steps if one.offer_id == current.pk]
    recalled = [one for one in steps if one.state == StepState.RECALLED]
    if not shown and not recalled:
        return _to_plan(request, complaint, current)
    for step in shown + recalled:
        step.complaint = complaint
    step = next((one for one in shown if one.is_running), None)
    done = sum(one.state == StepState.DONE for one in shown)
    return {
        "steps": shown,
        "recalled": [one for one in recalled if can_steer(request.user, one)],
        "done": done,
        "percent": rules.percent(done, len(shown)),
        "offer": current,
        **_turn(request, complaint, step, shown),
    }


def _to_plan(request: HuiyinRequest, complaint: Complaint, offer: Offer) -> dict[str, Any] | None:
    """Agreed before its remedy had steps: they can be planned now."""
    waits = complaint.status == Status.EXE and offer.state == OfferState.AGREED
    if not waits or not offer.remedy.execution:
        return None
    may = can_steer(request.user, Step(complaint=complaint, amount_fen=offer.amount_fen))
    return {"steps": [], "may_plan": may, "offer": offer} if may else None


def _turn(
    request: HuiyinRequest, complaint: Complaint, step: Step | None, steps: list[Step]
) -> dict[str, Any]:
    """What this person may do with the step whose turn it is."""
    if step is None or complaint.status != Status.EXE or not can_steer(request.user, step):
        return {}
    by_hand = step.doer in (Doer.HANDLER, Doer.FINANCE)
    asked = step.task is not None and step.task.is_waiting
    failed = step.doer == Doer.SYSTEM and step.state == StepState.FAILED
    day = actions.forecast(step, moment.now(), steps)
    told = actions.told_on(step.offer, steps)
    return {
        "current": step,
        "may_complete": by_hand or (step.doer == Doer.DEPARTMENT and not asked),
        "may_retry": failed,
        "may_take_over": not by_hand,
        "may_postpone": True,
        "forecast": day,
        "told_on": told,
        "will_be_late": day > told,
        "today": moment.today(),
    }


def _step(request: HuiyinRequest, number: str, pk: int) -> Step:
    visible = Complaint.objects.visible_to(request.user)
    steps = Step.objects.with_all()
    step = get_object_or_404(steps, pk=pk, complaint__number=number, complaint__in=visible)
    step.offer.complaint = step.complaint
    return step


def _yuan(typed: str) -> int | None:
    """What was typed as a sum; None for nothing."""
    if not typed.strip():
        return None
    fen = read_yuan(typed)
    if fen is None:
        raise Invalid(NO_AMOUNT, paid=NO_AMOUNT)
    return fen


@login_required
@require_POST
def completion(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    step = _step(request, number, pk)
    actions.complete(
        step,
        by=request.user,
        proof=request.POST.get("proof", ""),
        paid_fen=_yuan(request.POST.get("paid", "")),
        partial=request.POST.get("partial") == "1",
        upload=request.FILES.get("file"),
    )
    done = step.state == StepState.DONE
    sentence = _("这一步已完成") if done else _("已登记部分付款，余款付清后这一步才算完成")
    return acted(request, step.complaint, sentence)


@login_required
@require_POST
def retrying(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    step = actions.retry(_step(request, number, pk), by=request.user)
    return acted(request, step.complaint, _("已重新发给外部系统"))


@login_required
@require_POST
def taking_over(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    step = _step(request, number, pk)
    actions.take_over(
        step,
        by=request.user,
        reason=request.POST.get("reason", ""),
        sure=request.POST.get("sure") == "1",
        paid_fen=_yuan(request.POST.get("paid", "")) or 0,
    )
    return acted(request, step.complaint, _("已改由人工办理"))


@login_required
@require_POST
def postponement(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    step = _step(request, number, pk)
    told = actions.postpone(
        step,
        by=request.user,
        due_on=moment.read_day(request.POST.get("due_on", "")),
        reason=request.POST.get("reason", ""),
    )
    sentence = _("已改期，会告知客户新的日期") if told else _("已改期，不晚于答应客户的日期")
    return acted(request, step.complaint, sentence)


@login_required
@require_POST
def recall(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """What became of a step that was called back from an outside system."""
    step = _step(request, number, pk)
    actions.settle_recall(step, by=request.user, words=request.POST.get("words", ""))
    return acted(request, step.complaint, _("已登记撤回结果"))


@login_required
@require_POST
def planning(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    visible = Complaint.objects.visible_to(request.user)
    offers = Offer.objects.select_related("complaint__customer", "remedy")
    offer = get_object_or_404(offers, pk=pk, complaint__number=number, complaint__in=visible)
    actions.plan_by_hand(offer, by=request.user)
    return acted(request, offer.complaint, _("已安排执行步骤"))
