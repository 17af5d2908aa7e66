"""The offers panel and its acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.resolution import actions, rules
from huiyin.journey.resolution.forms import NO_AMOUNT, OfferForm
from huiyin.journey.resolution.models import Offer, usable_remedies
from huiyin.journey.resolution.permissions import (
    can_answer,
    can_decide,
    can_execute,
    can_propose,
)
from huiyin.journey.resolution.words import OfferState


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What was offered, and the next sensible act."""
    user = request.user
    offers = rows(
        complaint, "offers", lambda found: found.select_related("remedy", "by", "decided_by")
    )
    offer = offers[0] if offers else None
    pending = offer is not None and offer.state in actions.OPEN_STATES
    may_propose = (
        not pending and complaint.status in (*WORKING, Status.RWK) and can_propose(user, complaint)
    )
    return {
        "offer": offer,
        "earlier": offers[1:],
        "may_propose": may_propose,
        **_approval(request, offer),
        **_carrying_out(request, offer, complaint),
        "limit": rules.widest(actions.limits_shown(), user.roles) if may_propose else None,
        "english": complaint.customer.language == "en",
        **(_to_choose() if may_propose else {}),
    }


def _to_choose() -> dict[str, Any]:
    """The remedies, each with the day by which it is usually done."""
    today = moment.today()
    remedies = [(one, today + timedelta(days=one.days)) for one in usable_remedies()]
    return {"remedies": remedies, "today": today, "latest": today + rules.LATEST}


def _approval(request: HuiyinRequest, offer: Offer | None) -> dict[str, Any]:
    if offer is None or offer.state != OfferState.WAITING:
        return {}
    user = request.user
    return {
        "waits_for": actions.waiting(offer),
        "promised": actions.promised_fen(offer.complaint, but=offer.round),
        "signatures": list(offer.signatures.select_related("by")),
        "may_decide": can_decide(user, offer) and not actions.cannot_decide(offer, user),
        "may_take_back": offer.by_id == user.pk,
    }


def _carrying_out(
    request: HuiyinRequest, offer: Offer | None, complaint: Complaint
) -> dict[str, Any]:
    if offer is None or complaint.status != Status.EXE:
        return {}
    user, state = request.user, offer.state
    return {
        "may_answer": state == OfferState.OFFERED and can_answer(user, complaint),
        # Where the remedy has steps, each is done in its own place.
        "may_execute": state == OfferState.AGREED
        and not offer.remedy.execution
        and can_execute(user, complaint),
        "may_undo": state == OfferState.AGREED and can_answer(user, complaint),
    }


def _offer(request: HuiyinRequest, number: str, pk: int) -> Offer:
    visible = Complaint.objects.visible_to(request.user)
    offers = Offer.objects.select_related("complaint__customer", "remedy")
    return get_object_or_404(offers, pk=pk, complaint__number=number, complaint__in=visible)


@login_required
@require_POST
@transaction.atomic
def offers(request: HuiyinRequest, number: str) -> HttpResponse:
    visible = Complaint.objects.visible_to(request.user).select_related("customer")
    complaint = get_object_or_404(visible, number=number)
    form = OfferForm(request.POST)
    offer = actions.propose(complaint, by=request.user, **form.offered())
    if offer.state == OfferState.WAITING:
        awaited = actions.waiting(offer)
        return changed(_("金额超出您的权限，已提交审批：%(who)s") % {"who": awaited})
    if form.cleaned_data["tell"]:
        actions.tell(offer, by=request.user)
        return changed(_("方案已提出并告知客户"))
    return changed(_("方案已提出，请告知客户并登记答复"))


@login_required
@require_POST
def approval(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    offer = _offer(request, number, pk)
    approve = request.POST.get("approve") == "1"
    actions.decide(offer, by=request.user, approve=approve, note=request.POST.get("note", ""))
    sentence = _("已批准") if approve else _("已驳回")
    if approve and offer.state == OfferState.WAITING:
        sentence = _("已会签，还在等待：%(who)s") % {"who": actions.waiting(offer)}
    return acted(request, offer.complaint, sentence)


@login_required
@require_POST
def telling(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    actions.tell(_offer(request, number, pk), by=request.user)
    return changed(_("已告知客户"))


@login_required
@require_POST
def answer(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """What the customer said to the offer."""
    offer, note = _offer(request, number, pk), request.POST.get("note", "")
    if request.POST.get("agreed") == "1":
        actions.agree(offer, by=request.user, note=note)
        return changed(_("已登记：客户同意"))
    actions.decline(offer, by=request.user, note=note)
    return changed(_("已登记：客户不同意，可以提出新方案"))


@login_required
@require_POST
def execution(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    offer, typed = _offer(request, number, pk), request.POST.get("paid", "").strip()
    paid = rules.read_yuan(typed)
    if paid is None:
        raise Invalid(NO_AMOUNT, paid=NO_AMOUNT)
    proof = request.POST.get("proof", "")
    actions.execute(offer, by=request.user, proof=proof, paid_fen=paid if typed else None)
    return acted(request, offer.complaint, _("已执行，请在 24 小时内把结果告诉客户"))
