"""The offers panel and its acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.resolution import actions, history, rules
from huiyin.journey.resolution.forms import NO_AMOUNT, ChangeForm, OfferForm, WishForm, to_change
from huiyin.journey.resolution.models import Budget, CounterOffer, Offer, usable_remedies
from huiyin.journey.resolution.permissions import (
    can_acknowledge,
    can_answer,
    can_decide,
    can_execute,
    can_propose,
    can_read_budget,
)
from huiyin.journey.resolution.words import FieldType, OfferState

MOST_CHARGED = 100
ALSO = ("remedy", "by", "decided_by", "decided_for", "executed_by", "changed_from__remedy")


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What is offered now, the next sensible act, and how the talks went so far."""
    user = request.user
    offers: list[Offer] = rows(complaint, "offers", lambda found: found.select_related(*ALSO))
    for one in offers:
        one.complaint = complaint
    newest = [one for one in offers if one.round == offers[0].round]
    options = [one for one in newest if one.state != OfferState.CHANGED]
    pending = any(one.is_open for one in options)
    may_propose = (
        not pending and complaint.status in (*WORKING, Status.RWK) and can_propose(user, complaint)
    )
    wishes = _wishes(complaint) if offers else []
    return {
        "options": [_option(one) for one in options],
        "several": len(options) > 1,
        "may_propose": may_propose,
        **_approval(request, options),
        **_carrying_out(request, options, complaint),
        "rounds": history.rounds(offers, wishes),
        "stuck": _stuck(complaint, offers, user),
        "limit": rules.widest(actions.limits_shown(), user.roles) if may_propose else None,
        "english": complaint.customer.language == "en",
        **(_to_choose() if may_propose else {}),
    }


def _wishes(complaint: Complaint) -> list[CounterOffer]:
    return rows(complaint, "counter_offers", lambda found: found.select_related("remedy", "by"))


def _option(offer: Offer) -> dict[str, Any]:
    """One option as the panel draws it."""
    return {"offer": offer, "fields": offer.remedy.shown(offer.fields)}


def _stuck(complaint: Complaint, offers: list[Offer], user: User) -> actions.Stuck | None:
    return actions.stuck(complaint, offers) if can_answer(user, complaint) else None


def _to_choose() -> dict[str, Any]:
    """The remedies of the short way, each with the day by which it is usually done.

    One that gives money in a field of its own (a coupon its face value) is written on the long one.
    """
    today = moment.today()
    short = [
        one
        for one in usable_remedies()
        if not any(row["required"] and row["type"] == FieldType.MONEY for row in one.fields)
    ]
    remedies = [(one, today + timedelta(days=one.days)) for one in short]
    return {"remedies": remedies, "today": today, "latest": today + rules.LATEST}


def _approval(request: HuiyinRequest, options: list[Offer]) -> dict[str, Any]:
    """What waits for whom, and what the reader may do about it."""
    waits = [one for one in options if one.state == OfferState.WAITING]
    if not waits:
        return {}
    user, about = request.user, actions.About(waits[0])
    undecided = [one for one in waits if not one.is_unseen]
    asked = [(one, actions.waiting(one, about)) for one in undecided]
    mine = [
        {
            "offer": one,
            "waits_for": awaited,
            "may_change": not awaited.jointly,
            "change": {} if awaited.jointly else to_change(one),
        }
        for one, awaited in asked
        if can_decide(user, one) and not actions.standing(one, user, about=about).refusal
    ]
    own = all(one.by_id == user.pk for one in options if one.is_open)
    changed_ones = [one for one in waits if one.is_unseen]
    unseen = [
        {"offer": one, "may": can_acknowledge(user, one), "changes": _changes(one)}
        for one in changed_ones
    ]
    return {
        "waiting": asked,
        "unseen": unseen,
        "may_acknowledge": any(row["may"] for row in unseen),
        "promised": sum(about.sums.values()) if mine else 0,
        "signatures": [sign for one in undecided for sign in one.signatures.select_related("by")],
        "mine": mine,
        "may_decide": bool(mine),
        "may_take_back": own,
    }


def _changes(offer: Offer) -> list[history.Change]:
    """What the approver made of the option that was proposed."""
    before = offer.changed_from
    return history.changes(before, offer) if before is not None else []


def _carrying_out(
    request: HuiyinRequest, options: list[Offer], complaint: Complaint
) -> dict[str, Any]:
    if not options or complaint.status != Status.EXE:
        return {}
    user = request.user
    offered = [one for one in options if one.state == OfferState.OFFERED]
    agreed = next((one for one in options if one.state == OfferState.AGREED), None)
    return {
        "offered": offered,
        "agreed": agreed,
        "may_answer": bool(offered) and can_answer(user, complaint),
        # Where the remedy has steps, each is done in its own place.
        "may_execute": agreed is not None
        and not agreed.remedy.execution
        and can_execute(user, complaint),
        "may_undo": agreed is not None and can_answer(user, complaint),
        "channels": Channel.choices,
        "every_remedy": usable_remedies(),
    }


def _offer(request: HuiyinRequest, number: str, pk: int) -> Offer:
    visible = Complaint.objects.visible_to(request.user)
    offers = Offer.objects.select_related("complaint__customer", "remedy")
    return get_object_or_404(offers, pk=pk, complaint__number=number, complaint__in=visible)


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user).select_related("customer")
    return get_object_or_404(visible, number=number)


@login_required
@require_POST
@transaction.atomic
def offers(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _seen(request, number)
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
@require_http_methods(["GET", "POST"])
def changing(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """Approve something else in its place. GET: the boxes of the remedy that was chosen."""
    offer = _offer(request, number, pk)
    if request.method == "GET":
        can_decide.require(request.user, offer)
        code = request.GET.get("remedy", "")
        remedy = next((one for one in usable_remedies() if one.code == code), None)
        change = to_change(offer, remedy)
        return render(request, "resolution/change_fields.html", {"change": change})
    draft = ChangeForm(request.POST).draft(offer)
    actions.change(offer, by=request.user, draft=draft, reason=request.POST.get("note", ""))
    return acted(request, offer.complaint, _("已修改并批准，等提出人看过后告知客户"))


@login_required
@require_POST
def acknowledgement(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    actions.acknowledge(_offer(request, number, pk), by=request.user)
    return changed(_("已确认，可以告知客户了"))


@login_required
@require_POST
def recusal(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    offer = _offer(request, number, pk)
    actions.recuse(offer, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, offer.complaint, _("已回避，审批转给下一位"))


@login_required
@require_POST
def withdrawal(request: HuiyinRequest, number: str) -> HttpResponse:
    """Who proposed the round takes it back while it waits."""
    actions.take_back(_seen(request, number), by=request.user, reason=request.POST.get("note", ""))
    return changed(_("方案已撤回，可以重新提出"))


@login_required
@require_POST
def wish(request: HuiyinRequest, number: str) -> HttpResponse:
    """The customer wants something else."""
    complaint = _seen(request, number)
    actions.counter(complaint, by=request.user, **WishForm(request.POST).wished())
    return changed(_("已登记客户的要求，可以提出新方案"))


@login_required
@require_POST
def telling(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    actions.tell(_offer(request, number, pk), by=request.user)
    return changed(_("已告知客户"))


@login_required
@require_POST
def answer(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """What the customer said: he takes this option, not this one, or none of the round."""
    offer, note = _offer(request, number, pk), request.POST.get("note", "")
    agreed = request.POST.get("agreed", "")
    if agreed == "1":
        actions.agree(offer, by=request.user, note=note)
        return changed(_("已登记：客户同意"))
    if agreed == "none":
        actions.decline_round(offer.complaint, by=request.user, note=note)
    else:
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


@login_required
@require_GET
def budget(request: HuiyinRequest, pk: int) -> HttpResponse:
    """How much of a budget is gone, and the offers it went to, as far as the reader sees them."""
    found = get_object_or_404(
        Budget.objects.select_related("team__department", "department"), pk=pk
    )
    can_read_budget.require(request.user, found)
    return render(
        request, "resolution/budget.html", {"budget": found, **spending(request.user, found)}
    )


def spending(user: User, budget: Budget) -> dict[str, Any]:
    """The figure, the newest rows it was counted from, and how many the reader does not see."""
    offers = actions.spent(budget)
    seen = offers.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))
    rows = seen.select_related("complaint", "remedy", "by").order_by("-at", "-pk")
    return {
        "state": actions.budget_state(budget),
        "charged": list(rows[:MOST_CHARGED]),
        "most": MOST_CHARGED,
        "hidden": offers.count() - seen.count(),
    }
