"""The panel of consent and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.web.panels import rows
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.views import acted
from huiyin.journey.complaint.words import Status
from huiyin.journey.consent import actions, rules
from huiyin.journey.consent.permissions import can_ask
from huiyin.journey.consent.words import How
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.ways import reaching
from huiyin.journey.conversation.words import Kind
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState

PLAYED = ("audio/", "video/")
MOST_MESSAGES = 20
ASKED = (OfferState.OFFERED, OfferState.AGREED, OfferState.EXECUTED)


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """How the customer said yes, or how he is asked for it."""
    offers = rows(complaint, "offers", lambda found: found.select_related("remedy", "by"))
    if not any(one.state in ASKED for one in offers):
        return None
    open_offers = [one for one in offers if one.state == OfferState.OFFERED]
    agreed = next((one for one in offers if one.state == OfferState.AGREED), None)
    may = can_ask(request.user, complaint) and complaint.status == Status.EXE
    if open_offers:
        return _asking(request, complaint, open_offers) if may else None
    consents = list(complaint.consents.select_related("offer__remedy", "evidence", "by", "message"))
    consent = next((one for one in consents if one.withdrawn_at is None), None)
    if consent is None:
        return None
    return {
        "consent": consent,
        "may_see_proof": consent.evidence is None
        or can_open_evidence(request.user, consent.evidence),
        "agreed": agreed,
        "may_withdraw": may and agreed is not None,
    }


def _asking(request: HuiyinRequest, complaint: Complaint, offers: list[Offer]) -> dict[str, Any]:
    """The link that is out, and what can be proof: recordings and letters of this complaint."""
    now = moment.now()
    link = complaint.consent_links.filter(revoked_at=None, round=offers[0].round).first()
    evidence: list[Evidence] = rows(complaint, "evidence")
    for one in evidence:
        one.complaint = complaint
    seen = [one for one in evidence if can_open_evidence(request.user, one)]
    return {
        "options": offers,
        "link": link if link is not None and link.expires_at > now else None,
        "may_ask": True,
        "way": reaching(complaint),
        "days": rules.LINK_DAYS,
        "recordings": [one for one in seen if one.media_type.startswith(PLAYED)],
        "papers": [one for one in seen if not one.media_type.startswith(PLAYED)],
    }


def _complaint(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    found = visible.select_related("customer", "team", "assignee")
    return get_object_or_404(found, number=number)


@login_required
@require_POST
def links(request: HuiyinRequest, number: str) -> HttpResponse:
    """A link for the customer; its address is shown this once."""
    days = request.POST.get("days", "")
    link, address = actions.send(
        _complaint(request, number),
        by=request.user,
        sends=request.POST.get("sends") == "1",
        days=int(days) if days.isdecimal() and len(days) < 4 else 0,
    )
    answer = render(request, "consent/link.html", {"link": link, "address": address})
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def proofs(request: HuiyinRequest, number: str) -> HttpResponse:
    """The form in which somebody writes down the customer's yes, with what can prove it."""
    complaint = _complaint(request, number)
    can_ask.require(request.user, complaint)
    offers = actions.options(complaint)
    said = complaint.messages.filter(kind=Kind.INBOUND).order_by("-pk")[:MOST_MESSAGES]
    context = {
        "complaint": complaint,
        "offers": offers,
        "messages_in": said,
        "hows": [How.RECORDING, How.SIGNATURE, How.CHAT, How.SPOKEN],
        **(_asking(request, complaint, offers) if offers else {}),
    }
    return render(request, "consent/proofs.html", context)


@login_required
@require_POST
def consents(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    """The customer said yes to this option: where that can be heard or read."""
    complaint = _complaint(request, number)
    chosen = request.POST.get("offer", "")  # of several options, the one that is ticked
    wanted = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else pk
    offer = get_object_or_404(complaint.offers.select_related("remedy"), pk=wanted)
    offer.complaint = complaint
    uuid, message = request.POST.get("evidence", ""), request.POST.get("message", "")
    actions.register(
        offer,
        by=request.user,
        how=request.POST.get("how", ""),
        words=request.POST.get("words", ""),
        evidence=_evidence(complaint, uuid),
        place=request.POST.get("place", ""),
        upload=request.FILES.get("upload"),
        message=complaint.messages.filter(pk=message).first() if message.isdecimal() else None,
    )
    return acted(request, complaint, _("已登记：客户同意"))


def _evidence(complaint: Complaint, pk: str) -> Evidence | None:
    return complaint.evidence.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None


@login_required
@require_POST
def withdrawal(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    complaint = _complaint(request, number)
    offer = get_object_or_404(complaint.offers.select_related("remedy"), pk=pk)
    offer.complaint = complaint
    actions.withdraw(offer, by=request.user, words=request.POST.get("words", ""))
    return acted(request, complaint, _("已登记客户撤回同意，可以提出新方案"))
