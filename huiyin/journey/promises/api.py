"""Promises for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import NotPermitted
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.conversation.permissions import can_note
from huiyin.journey.promises import actions, lists, rules
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.permissions import can_promise
from huiyin.journey.promises.views import leads, not_too_often
from huiyin.journey.promises.words import PromiseKind
from huiyin.journey.resolution.rules import MOST_FEN

router = Router(tags=["promises"])


class PromiseOut(Schema):
    id: int
    complaint: str = Field(description="number of the complaint")
    kind: str
    what: str
    amount_fen: int
    due_at: datetime
    first_due_at: datetime = Field(description="before it was moved")
    state: str = Field(description="open, broken, kept, released")
    owner: str | None = Field(description="who owes it now, or owed it when it ended")
    authority: str = Field(description="on whose word a sum was promised")
    source: str = Field(description="offer:3, message:9, note:4, callback:2, hand:1, promise:7")
    sentence: str
    assumed: bool = Field(description="no date was said: the usual one counts")
    beyond: bool = Field(description="said on the phone, above the speaker's authority")
    by: str
    at: datetime
    broken_at: datetime | None
    kept_at: datetime | None
    proof: str
    reason: str = Field(description="of the release")

    @staticmethod
    def resolve_complaint(one: Promise) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_owner(one: Promise) -> str | None:
        return one.holder.username if one.holder else None

    @staticmethod
    def resolve_by(one: Promise) -> str:
        return one.by.username


class PromisePage(Schema):
    items: list[PromiseOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class TextIn(Schema):
    text: str = Field(max_length=20_000)
    waived: list[str] = Field([], max_length=20)
    spoken: bool = False


class FoundOut(Schema):
    kind: str
    what: str
    sentence: str
    due_at: datetime | None
    amount_fen: int
    fault: str = Field(description="no_date, authority; empty: may go out")
    why: str
    better: str = Field(description="a wording of the sentence that may go out")
    stops: bool


class PromiseIn(Schema):
    kind: PromiseKind
    what: str
    due_at: datetime
    amount_fen: int = Field(0, ge=0, le=MOST_FEN)
    owner: str | None = Field(None, description="username; empty: whoever handles the complaint")


class ProofIn(Schema):
    proof: str


class MoveIn(Schema):
    due_at: datetime
    reason: str


class ReasonIn(Schema):
    reason: str


class RateOut(Schema):
    name: str
    key: str
    kept: int
    broken: int
    due: int
    percent: str


def _aware(at: datetime) -> datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _one(request: HuiyinRequest, pk: int) -> Promise:
    visible = Promise.objects.visible_to(request.user)
    found: Promise = get_object_or_404(visible.with_all(), pk=pk)
    return found


@router.get("/promises", response=PromisePage, summary="Ledger of promises")
def list_promises(
    request: HuiyinRequest,
    view: str = "open",
    kind: str = "",
    person: str = "",
    team: str = "",
    remedy: str = "",
    days: str = "",
    q: str = "",
    after: str = "",
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """`view`: open, soon, broken, owed (broken and not made good), kept, released, due.
    `person` is a username, `team` and `remedy` codes, `days` 30, 90 or 365."""
    wanted = {"view": view, "kind": kind, "remedy": remedy, "days": days, "q": q, "after": after}
    if person:
        wanted["person"] = str(get_object_or_404(User, username=person).pk)
    if team:
        wanted["team"] = str(get_object_or_404(Team, code=team).pk)
    found, last = lists.page(request.user, lists.Asked.read(wanted), limit)
    return {"items": found, "next_after": last}


@router.get("/promises/rates", response=list[RateOut], summary="Kept-rates (K31)")
def rates(request: HuiyinRequest, by: str = "person", days: int = 30) -> list[lists.Rate]:
    """Promises met on time ÷ promises due, of the last 1–365 days; by person, team or remedy."""
    if not leads(request.user):
        raise NotPermitted(_("只有组长、主管、经理和督办员可以查看兑现率"))
    known = by if by in lists.BY else "person"
    return lists.rates(request.user, known, days=max(1, min(days, 365)))


@router.get("/complaints/{number}/promises", response=list[PromiseOut], summary="Promises")
def list_of_complaint(request: HuiyinRequest, number: str) -> list[Promise]:
    found = Promise.objects.filter(complaint=seen(request, number)).with_all()
    return list(found.order_by("-pk")[:100])


@router.post(
    "/complaints/{number}/promises", response={201: PromiseOut}, summary="Enter a promise (承诺)"
)
def give(request: HuiyinRequest, number: str, data: PromiseIn) -> Answer[Promise]:
    complaint = seen(request, number)
    facts = data.dict(exclude={"owner", "due_at"})
    owner = get_object_or_404(User, username=data.owner) if data.owner else None
    given = actions.promise_by_hand(
        complaint, by=request.user, due_at=_aware(data.due_at), owner=owner, **facts
    )
    return Answer(201, given)


@router.post("/complaints/{number}/promises/detect", response=list[FoundOut], summary="Read a text")
def detect(request: HuiyinRequest, number: str, data: TextIn) -> list[dict[str, Any]]:
    """The promises in a text before it is sent, with what is wrong with them. Changes nothing."""
    not_too_often(request.user)
    complaint = seen(request, number)
    (can_note if data.spoken else can_promise).require(request.user, complaint)
    chips = actions.read(
        request.user,
        complaint,
        data.text[: rules.LONGEST],
        waived=data.waived,
        spoken=data.spoken,
    )
    return [
        {
            "kind": chip.found.kind,
            "what": chip.what,
            "sentence": chip.found.sentence,
            "due_at": chip.due_at,
            "amount_fen": chip.found.amount_fen,
            "fault": str(chip.fault),
            "why": chip.why,
            "better": chip.better,
            "stops": chip.stops,
        }
        for chip in chips
    ]


@router.post("/promises/{promise}/keeping", response=PromiseOut, summary="Kept (兑现)")
def keep(request: HuiyinRequest, promise: int, data: ProofIn) -> Promise:
    given = _one(request, promise)
    actions.keep(given, by=request.user, proof=data.proof)
    return given


@router.post("/promises/{promise}/moving", response=PromiseOut, summary="Another date (改期)")
def move(request: HuiyinRequest, promise: int, data: MoveIn) -> Promise:
    """Agreed with the customer. Of a broken promise it is a new one; that one is answered."""
    given = _one(request, promise)
    return actions.move(given, by=request.user, due_at=_aware(data.due_at), reason=data.reason)


@router.post("/promises/{promise}/releasing", response=PromiseOut, summary="Released (解除)")
def release(request: HuiyinRequest, promise: int, data: ReasonIn) -> Promise:
    given = _one(request, promise)
    actions.release(given, by=request.user, reason=data.reason)
    return given
