"""The offers panel and its acts."""

from __future__ import annotations

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
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.forms import OfferForm
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.permissions import can_decide, can_execute, can_propose
from huiyin.journey.resolution.rules import read_yuan, widest
from huiyin.journey.resolution.words import OfferState


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What was offered, and the next sensible act."""
    user = request.user
    offers = list(complaint.offers.select_related("remedy", "by", "decided_by"))
    offer = offers[0] if offers else None
    pending = offer is not None and offer.state in actions.OPEN_STATES
    limit = widest(actions.limits(), user.roles)
    return {
        "offer": offer,
        "earlier": offers[1:],
        "may_propose": (
            not pending and complaint.may_become(Status.EXE) and can_propose(user, complaint)
        ),
        "may_decide": bool(offer and offer.state == OfferState.WAITING and can_decide(user, offer)),
        "waits_for": (
            actions.deciders_for(offer.amount_fen)
            if offer and offer.state == OfferState.WAITING
            else []
        ),
        "may_answer": bool(
            offer and offer.state == OfferState.OFFERED and can_execute(user, complaint)
        ),
        "may_execute": bool(
            offer and offer.state == OfferState.AGREED and can_execute(user, complaint)
        ),
        "remedies": Remedy.objects.usable(),
        "limit": limit,
        "today": moment.today(),
    }


def _offer(request: HuiyinRequest, number: str, pk: int) -> Offer:
    visible = Complaint.objects.visible_to(request.user)
    offers = Offer.objects.select_related("complaint__customer", "remedy")
    return get_object_or_404(offers, pk=pk, complaint__number=number, complaint__in=visible)


@login_required
@require_POST
@transaction.atomic
def offers(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    form = OfferForm(request.POST)
    if not form.is_valid():
        problems = {name: str(errors[0]) for name, errors in form.errors.items()}
        raise Invalid(
            _("方案没有填完整：%(what)s") % {"what": "；".join(problems.values())}, **problems
        )
    offer = actions.propose(complaint, by=request.user, **form.offered())
    if offer.state == OfferState.WAITING:
        return changed(_("金额超出您的权限，已提交审批"))
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
    return changed(_("已批准") if approve else _("已驳回"))


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
    paid = read_yuan(request.POST.get("paid", ""))
    if paid is None:
        raise Invalid(_("金额请填数字，最多两位小数，例如 58.00"), paid=_("金额不对"))
    offer = _offer(request, number, pk)
    proof = request.POST.get("proof", "")
    typed = bool(request.POST.get("paid", "").strip())
    actions.execute(offer, by=request.user, proof=proof, paid_fen=paid if typed else None)
    return changed(_("已执行，请在 24 小时内把结果告诉客户"))
