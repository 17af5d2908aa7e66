"""Offers for programs. Money is whole fen."""

from __future__ import annotations

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.resolution import actions
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.rules import MOST_FEN
from huiyin.journey.resolution.words import OfferState

router = Router(tags=["resolution"])


class RemedyOut(Schema):
    code: str
    name: str
    needs_amount: bool
    days: int


class OfferIn(Schema):
    remedy: str = Field(description="code, e.g. RMD.01")
    basis: str
    due_on: date
    amount_fen: int = Field(0, ge=0, le=MOST_FEN)
    wording: str = Field("", description="as the customer is told; default: of the remedy")


class OfferOut(Schema):
    id: int
    remedy: str
    basis: str
    wording: str
    amount_fen: int
    due_on: date
    state: str
    waits_for: list[str] = Field(description="roles; one of them decides, or all sign (jointly)")
    jointly: bool
    by: str
    at: datetime
    decided_by: str | None
    paid_fen: int | None
    proof: str

    @staticmethod
    def resolve_remedy(offer: Offer) -> str:
        return offer.remedy_id

    @staticmethod
    def resolve_waits_for(offer: Offer) -> list[str]:
        return list(actions.waiting(offer).roles) if offer.state == OfferState.WAITING else []

    @staticmethod
    def resolve_jointly(offer: Offer) -> bool:
        return offer.state == OfferState.WAITING and actions.waiting(offer).jointly

    @staticmethod
    def resolve_by(offer: Offer) -> str:
        return offer.by.username

    @staticmethod
    def resolve_decided_by(offer: Offer) -> str | None:
        return offer.decided_by.username if offer.decided_by else None


class DecisionIn(Schema):
    approve: bool
    note: str = ""


class AnswerIn(Schema):
    agreed: bool
    note: str = ""


class ExecutionIn(Schema):
    proof: str
    paid_fen: int | None = Field(None, ge=0, le=MOST_FEN, description="default: as agreed")


def _offer(request: HuiyinRequest, number: str, offer_id: int) -> Offer:
    offers = Offer.objects.select_related("complaint__customer", "remedy", "by", "decided_by")
    return get_object_or_404(offers, pk=offer_id, complaint=seen(request, number))


@router.get("/remedies", response=list[RemedyOut], summary="Remedies")
def list_remedies(request: HuiyinRequest) -> list[Remedy]:
    return list(Remedy.objects.usable())


@router.get("/complaints/{number}/offers", response=list[OfferOut], summary="Offers")
def list_offers(request: HuiyinRequest, number: str) -> list[Offer]:
    offers = seen(request, number).offers.select_related("complaint", "by", "decided_by")
    return list(offers[:100])


@router.post("/complaints/{number}/offers", response={201: OfferOut}, summary="Offer (方案)")
def create_offer(request: HuiyinRequest, number: str, data: OfferIn) -> Answer[Offer]:
    """Above the caller's own limit it waits for approval (state `waiting`)."""
    complaint = seen(request, number)
    remedy = get_object_or_404(Remedy.objects.usable(), code=data.remedy)
    fields = data.dict(exclude={"remedy"})
    return Answer(201, actions.propose(complaint, by=request.user, remedy=remedy, **fields))


@router.post("/complaints/{number}/offers/{offer_id}/approval", response=OfferOut, summary="Decide")
def decide(request: HuiyinRequest, number: str, offer_id: int, data: DecisionIn) -> Offer:
    """Approve, sign together with others, or deny. Who proposed it may only deny: take it back."""
    offer = _offer(request, number, offer_id)
    actions.decide(offer, by=request.user, **data.dict())
    return offer


@router.post("/complaints/{number}/offers/{offer_id}/telling", response=OfferOut, summary="Tell")
def tell(request: HuiyinRequest, number: str, offer_id: int) -> Offer:
    offer = _offer(request, number, offer_id)
    actions.tell(offer, by=request.user)
    return offer


@router.post("/complaints/{number}/offers/{offer_id}/answer", response=OfferOut, summary="Answer")
def answer(request: HuiyinRequest, number: str, offer_id: int, data: AnswerIn) -> Offer:
    offer = _offer(request, number, offer_id)
    act = actions.agree if data.agreed else actions.decline
    act(offer, by=request.user, note=data.note)
    return offer


@router.post("/complaints/{number}/offers/{offer_id}/execution", response=OfferOut, summary="Done")
def execute(request: HuiyinRequest, number: str, offer_id: int, data: ExecutionIn) -> Offer:
    offer = _offer(request, number, offer_id)
    actions.execute(offer, by=request.user, **data.dict())
    return offer
