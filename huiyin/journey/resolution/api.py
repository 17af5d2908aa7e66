"""Offers for programs. Money is whole fen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.resolution import actions, history
from huiyin.journey.resolution.models import Budget, CounterOffer, Offer, Remedy
from huiyin.journey.resolution.permissions import can_read_budget
from huiyin.journey.resolution.rules import MOST_FEN, MOST_OPTIONS, Verdict
from huiyin.journey.resolution.words import MoneyKind, OfferState

router = Router(tags=["resolution"])
ALSO = ("remedy", "by", "decided_by", "decided_for", "changed_from__remedy")


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
    fields: dict[str, Any] | None = Field(None, description="of the remedy; money in fen")
    order_fen: int | None = Field(None, ge=0, le=MOST_FEN, description="what the order was worth")
    cost_fen: int = Field(0, ge=0, le=MOST_FEN)


class ChangeIn(OfferIn):
    reason: str = Field(description="why it is changed; the proposer reads it")


class RoundIn(Schema):
    options: list[OfferIn] = Field(min_length=1, max_length=MOST_OPTIONS)


class CounterIn(Schema):
    words: str = Field(description="what the customer said")
    amount_fen: int | None = Field(None, ge=0, le=MOST_FEN)
    remedy: str | None = None
    heard_by: Channel = Channel.PHONE
    heard_at: datetime | None = None


class CounterOut(Schema):
    id: int
    round: int
    words: str
    amount_fen: int | None
    remedy: str | None = Field(alias="remedy_id")
    heard_by: str
    heard_at: datetime
    at: datetime


class NoteIn(Schema):
    note: str = ""


class ReasonIn(Schema):
    reason: str


class AuthorityOut(Schema):
    """Whether the caller may promise this by himself; `bound`: what stands in the way."""

    within: bool
    bound: str = Field(description="case, month, four_eyes, budget, joint; empty when within")
    limit_fen: int


class ChangeOut(Schema):
    label: str
    before: str
    after: str


class OfferOut(Schema):
    id: int
    round: int
    choice: int
    remedy: str
    basis: str
    wording: str
    amount_fen: int
    value_fen: int = Field(description="what counts against limits: the sum, or its money fields")
    order_fen: int | None
    fields: dict[str, Any]
    due_on: date
    state: str
    bound: str = Field(description="what its proposer's authority did not cover")
    changed_from: int | None = Field(alias="changed_from_id")
    changes: list[ChangeOut] = Field(description="what its approver changed of `changed_from`")
    to_be_seen: bool = Field(description="changed by the approver, not yet seen by the proposer")
    waits_for: list[str] = Field(description="roles; one of them decides, or all sign (jointly)")
    jointly: bool
    by: str
    at: datetime
    decided_by: str | None
    decided_for: str | None = Field(description="in whose name a deputy decided")
    decision_note: str
    paid_fen: int | None
    proof: str

    @staticmethod
    def resolve_remedy(offer: Offer) -> str:
        return offer.remedy_id

    @staticmethod
    def resolve_bound(offer: Offer) -> str:
        return str(offer.authority.get("bound", ""))

    @staticmethod
    def resolve_changes(offer: Offer) -> list[history.Change]:
        before = offer.changed_from
        return history.changes(before, offer) if before is not None else []

    @staticmethod
    def resolve_to_be_seen(offer: Offer) -> bool:
        return offer.state == OfferState.WAITING and offer.is_unseen

    @staticmethod
    def resolve_decided_for(offer: Offer) -> str | None:
        return offer.decided_for.username if offer.decided_for else None

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


class BudgetOut(Schema):
    id: int
    name: str
    first_day: date
    last_day: date
    amount_fen: int
    used_fen: int
    percent: int
    mark: int = Field(description="what it has come to: the mark of warning, 100, or 0")


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
    offers = Offer.objects.select_related(*ALSO, "complaint__customer")
    return get_object_or_404(offers, pk=offer_id, complaint=seen(request, number))


@router.get("/remedies", response=list[RemedyOut], summary="Remedies")
def list_remedies(request: HuiyinRequest) -> list[Remedy]:
    return list(Remedy.objects.usable())


@router.get("/complaints/{number}/offers", response=list[OfferOut], summary="Offers")
def list_offers(request: HuiyinRequest, number: str) -> list[Offer]:
    return list(seen(request, number).offers.select_related(*ALSO, "complaint__customer")[:100])


def _draft(data: OfferIn) -> actions.Draft:
    remedy = get_object_or_404(Remedy.objects.usable(), code=data.remedy)
    return actions.Draft(remedy=remedy, **data.dict(exclude={"remedy", "reason"}))


@router.get("/complaints/{number}/authority", response=AuthorityOut, summary="Authority (权限)")
def authority(
    request: HuiyinRequest,
    number: str,
    amount_fen: Annotated[int, Query(ge=0, le=MOST_FEN)],
    kind: MoneyKind | None = None,
) -> Verdict:
    """Whether the caller may promise so much on this complaint, on top of what was promised."""
    complaint = seen(request, number)
    return actions.may_promise(request.user, complaint, amount_fen, kind=kind or "")


@router.post("/complaints/{number}/offers", response={201: OfferOut}, summary="Offer (方案)")
def create_offer(request: HuiyinRequest, number: str, data: OfferIn) -> Answer[Offer]:
    """A round of one. Above the caller's own limit it waits for approval (state `waiting`)."""
    complaint = seen(request, number)
    drafts = [_draft(data)]
    return Answer(201, actions.propose_round(complaint, by=request.user, drafts=drafts)[0])


@router.post("/complaints/{number}/rounds", response={201: list[OfferOut]}, summary="Round (方案)")
def create_round(request: HuiyinRequest, number: str, data: RoundIn) -> Answer[list[Offer]]:
    """One to three options at once. The round waits until none of them waits for approval."""
    complaint = seen(request, number)
    drafts = [_draft(one) for one in data.options]
    return Answer(201, actions.propose_round(complaint, by=request.user, drafts=drafts))


@router.post("/complaints/{number}/rounds/refusal", response=list[OfferOut], summary="Refuse all")
def refuse_round(request: HuiyinRequest, number: str, data: NoteIn) -> list[Offer]:
    """The customer takes none of the options."""
    complaint = seen(request, number)
    actions.decline_round(complaint, by=request.user, note=data.note)
    return _current(complaint)


@router.post("/complaints/{number}/rounds/withdrawal", response=list[OfferOut], summary="Take back")
def withdraw_round(request: HuiyinRequest, number: str, data: ReasonIn) -> list[Offer]:
    """Who proposed the round takes it back while it waits for approval."""
    complaint = seen(request, number)
    actions.take_back(complaint, by=request.user, reason=data.reason)
    return _current(complaint)


def _current(complaint: Complaint) -> list[Offer]:
    newest = {one.pk for one in actions.current_round(complaint)}
    return list(complaint.offers.filter(pk__in=newest).select_related(*ALSO))


@router.get("/complaints/{number}/counter-offers", response=list[CounterOut], summary="Wishes")
def list_counter_offers(request: HuiyinRequest, number: str) -> list[CounterOffer]:
    """What the customer asked for instead, round by round."""
    return list(seen(request, number).counter_offers.all()[:100])


@router.post(
    "/complaints/{number}/counter-offers", response={201: CounterOut}, summary="Counter-offer"
)
def create_counter_offer(
    request: HuiyinRequest, number: str, data: CounterIn
) -> Answer[CounterOffer]:
    """The customer wants something else: the open round is refused."""
    complaint = seen(request, number)
    remedy = get_object_or_404(Remedy, code=data.remedy) if data.remedy else None
    told = data.dict(exclude={"remedy"})
    return Answer(201, actions.counter(complaint, by=request.user, remedy=remedy, **told))


@router.post("/complaints/{number}/offers/{offer_id}/approval", response=OfferOut, summary="Decide")
def decide(request: HuiyinRequest, number: str, offer_id: int, data: DecisionIn) -> Offer:
    """Approve, sign together with others, or deny. Who proposed it may only deny: take it back."""
    offer = _offer(request, number, offer_id)
    actions.decide(offer, by=request.user, **data.dict())
    return offer


@router.post("/complaints/{number}/offers/{offer_id}/change", response=OfferOut, summary="Change")
def change(request: HuiyinRequest, number: str, offer_id: int, data: ChangeIn) -> Offer:
    """Approve something else in its place, within one's own authority; the old offer stays."""
    offer = _offer(request, number, offer_id)
    return actions.change(offer, by=request.user, draft=_draft(data), reason=data.reason)


@router.post(
    "/complaints/{number}/offers/{offer_id}/acknowledgement", response=OfferOut, summary="Seen"
)
def acknowledge(request: HuiyinRequest, number: str, offer_id: int) -> Offer:
    """Who proposed has seen the change; the offer goes to the customer."""
    offer = _offer(request, number, offer_id)
    actions.acknowledge(offer, by=request.user)
    return offer


@router.post(
    "/complaints/{number}/offers/{offer_id}/recusal", response={204: None}, summary="Recuse"
)
def recuse(request: HuiyinRequest, number: str, offer_id: int, data: ReasonIn) -> Answer[None]:
    """Stand aside (回避): the caller sees the complaint no more, the approval goes to the next."""
    actions.recuse(_offer(request, number, offer_id), by=request.user, reason=data.reason)
    return Answer(204, None)


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


@router.get("/budgets", response=list[BudgetOut], summary="Budgets (补偿预算)")
def list_budgets(request: HuiyinRequest) -> list[dict[str, Any]]:
    """Those of today that the caller may read, with what of them is gone."""
    found = Budget.objects.on(moment.today()).select_related("team__department", "department")
    mine = [one for one in found.order_by("pk")[:100] if can_read_budget(request.user, one)]
    return [_budget(one) for one in mine]


@router.get("/budgets/{budget_id}", response=BudgetOut, summary="Budget")
def one_budget(request: HuiyinRequest, budget_id: int) -> dict[str, Any]:
    found = get_object_or_404(Budget.objects.select_related("team", "department"), pk=budget_id)
    can_read_budget.require(request.user, found)
    return _budget(found)


def _budget(found: Budget) -> dict[str, Any]:
    state = actions.budget_state(found)
    days = {"first_day": found.first_day, "last_day": found.last_day}
    figures = {name: getattr(state, name) for name in ("amount_fen", "used_fen", "percent", "mark")}
    return {"id": found.pk, "name": str(found), **days, **figures}
