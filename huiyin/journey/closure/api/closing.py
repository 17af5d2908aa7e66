"""The closure for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.refusal import Refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.closure import actions, lists
from huiyin.journey.closure.models import Case, Closing, Demand, Feedback, Telling, Visit, Way
from huiyin.journey.closure.permissions import can_feed_back
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.words import ResponseKind

router = Router(tags=["closure"])


class FeedbackIn(Schema):
    measures: str
    result: str
    prevention: str = ""
    channel: str = Field("", description="by which channel it goes out; empty: as it came in")
    kinds: list[ResponseKind] | None = Field(
        None, description="ISO 10002 annex G; not given: those of the remedies carried out"
    )
    waived: list[str] = Field(
        [], max_length=20, description="sentences that read like a promise and are none"
    )


class FeedbackOut(Schema):
    id: int
    measures: str
    result: str
    prevention: str
    kinds: list[str]
    at: datetime


class DraftOut(Schema):
    measures: str
    result: str
    prevention: str
    kinds: list[str]


class NoIn(Schema):
    reason: str = Field(description="why not, at least ten characters; the customer reads it")
    basis: str = ""
    ways: list[str] | None = Field(None, description="codes; not given: all that fit")
    channel: str = ""


class TellingOut(Schema):
    id: int
    reason: str
    basis: str
    ways: list[dict[str, str]]
    refused: bool = Field(description="it ended the work")
    at: datetime


class WayOut(Schema):
    code: str
    kind: str
    name: str
    text: str
    source: str


class DemandOut(Schema):
    code: str
    name: str
    need: str = Field(description="field, evidence or sign_off")
    role: str
    may_be_waived: bool
    source: str


class MissingOut(Schema):
    text: str
    demand: str | None


class WordsIn(Schema):
    words: str


class VisitIn(Schema):
    result: VisitResult
    words: str = ""


class VisitOut(Schema):
    id: int
    result: str
    words: str
    at: datetime


class ClosingIn(Schema):
    outcome: Outcome
    cause: Cause
    liability: Liability
    remedy: str = Field(description="code, e.g. RMD.01")
    satisfaction: Satisfaction
    improvement: bool = False
    prevent: str = Field("", description="what must not happen again; asks for an improvement")
    note: str = Field("", description="why, at most 1,000 characters; needed when not upheld")


class ClosingOut(Schema):
    id: int
    by: str
    outcome: str
    cause: str
    liability: str
    remedy_id: str
    satisfaction: str
    improvement: bool
    prevent: str
    note: str
    at: datetime

    @staticmethod
    def resolve_by(closing: Closing) -> str:
        return closing.by.username


class ReasonIn(Schema):
    reason: str


@router.post(
    "/complaints/{number}/feedback", response={201: FeedbackOut}, summary="Feedback (反馈)"
)
def feed_back(request: HuiyinRequest, number: str, data: FeedbackIn) -> Answer[Feedback]:
    return Answer(201, actions.feed_back(seen(request, number), by=request.user, **data.dict()))


@router.get(
    "/complaints/{number}/feedback/draft", response=DraftOut, summary="The letter as a draft"
)
def get_draft(request: HuiyinRequest, number: str) -> actions.Draft:
    complaint = seen(request, number)
    can_feed_back.require(request.user, complaint)
    return actions.draft(complaint)


@router.get("/complaints/{number}/feedback", response=list[FeedbackOut], summary="What was told")
def list_feedback(
    request: HuiyinRequest, number: str, kind: ResponseKind | None = None
) -> list[Feedback]:
    found = seen(request, number).feedbacks.all()
    return list((found.filter(kinds__contains=[kind]) if kind else found)[:100])


@router.get("/complaints/{number}/alternatives", response=list[WayOut], summary="Ways that fit")
def list_ways(request: HuiyinRequest, number: str) -> list[Way]:
    return actions.ways_for(seen(request, number))


@router.post(
    "/complaints/{number}/alternatives",
    response={201: TellingOut},
    summary="Tell why not and other ways (告知其他途径)",
)
def tell_alternatives(request: HuiyinRequest, number: str, data: NoIn) -> Answer[Telling]:
    complaint = seen(request, number)
    return Answer(201, actions.tell_alternatives(complaint, by=request.user, **data.dict()))


@router.get("/complaints/{number}/tellings", response=list[TellingOut], summary="What was told so")
def list_tellings(request: HuiyinRequest, number: str) -> list[Telling]:
    return list(seen(request, number).tellings.all()[:100])


@router.post(
    "/complaints/{number}/refusal",
    response={201: TellingOut},
    summary="Refuse the claim with the letter (不支持)",
)
def refuse_claim(request: HuiyinRequest, number: str, data: NoIn) -> Answer[Telling]:
    complaint = seen(request, number)
    return Answer(201, actions.refuse_claim(complaint, by=request.user, **data.dict()))


@router.get(
    "/complaints/{number}/closure/missing",
    response=list[MissingOut],
    summary="What closing still misses",
)
def list_missing(request: HuiyinRequest, number: str) -> list[dict[str, str | None]]:
    found = actions.missing_for_closing(seen(request, number))
    return [{"text": str(m), "demand": m.demand.code if m.demand else None} for m in found]


@router.get(
    "/complaints/{number}/closure/demands", response=list[DemandOut], summary="What is asked of it"
)
def list_demands(request: HuiyinRequest, number: str) -> list[Demand]:
    return actions.asked_of(seen(request, number))


@router.post("/complaints/{number}/sign-offs/{code}", response=MissingOut, summary="Sign off")
def sign_off(
    request: HuiyinRequest, number: str, code: str, data: WordsIn
) -> dict[str, str | None]:
    complaint, demand = seen(request, number), actions.demand_called(code)
    actions.sign_off(complaint, by=request.user, demand=demand, words=data.words)
    return {"text": demand.name, "demand": demand.code}


@router.post(
    "/complaints/{number}/sign-offs/{code}/refusal", response=MissingOut, summary="Refuse to sign"
)
def refuse_sign_off(
    request: HuiyinRequest, number: str, code: str, data: WordsIn
) -> dict[str, str | None]:
    """Not so, with what is to be mended; whoever handles it is told."""
    complaint, demand = seen(request, number), actions.demand_called(code)
    actions.refuse_sign_off(complaint, by=request.user, demand=demand, words=data.words)
    return {"text": demand.name, "demand": demand.code}


@router.post(
    "/complaints/{number}/sign-offs/{code}/asking", response=MissingOut, summary="Ask again"
)
def ask_again(
    request: HuiyinRequest, number: str, code: str, data: WordsIn
) -> dict[str, str | None]:
    """Ask once more for a signature that was refused, saying what has been mended."""
    complaint, demand = seen(request, number), actions.demand_called(code)
    actions.ask_again(complaint, by=request.user, demand=demand, words=data.words)
    return {"text": demand.name, "demand": demand.code}


@router.post("/complaints/{number}/waivers/{code}", response=MissingOut, summary="Not needed")
def waive(request: HuiyinRequest, number: str, code: str, data: WordsIn) -> dict[str, str | None]:
    complaint, demand = seen(request, number), actions.demand_called(code)
    actions.waive(complaint, by=request.user, demand=demand, words=data.words)
    return {"text": demand.name, "demand": demand.code}


@router.get("/complaints/{number}/visits", response=list[VisitOut], summary="Call-backs")
def list_visits(request: HuiyinRequest, number: str) -> list[Visit]:
    return list(seen(request, number).visits.all()[:100])


@router.post("/complaints/{number}/visits", response={201: VisitOut}, summary="Call back (回访)")
def visit(request: HuiyinRequest, number: str, data: VisitIn) -> Answer[Visit]:
    return Answer(201, actions.visit(seen(request, number), by=request.user, **data.dict()))


@router.post("/complaints/{number}/closure", response={201: ClosingOut}, summary="Close (结案)")
def close(request: HuiyinRequest, number: str, data: ClosingIn) -> Answer[Closing]:
    complaint = seen(request, number)
    remedy = get_object_or_404(Remedy.objects.usable(), code=data.remedy)
    fields = data.dict(exclude={"remedy"})
    return Answer(201, actions.close(complaint, by=request.user, remedy=remedy, **fields))


@router.post("/complaints/{number}/reopening", response=ComplaintOut, summary="Reopen (重开)")
def reopen(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    complaint = seen(request, number)
    actions.reopen(complaint, by=request.user, reason=data.reason)
    return complaint


@router.post("/complaints/{number}/rework", response=ComplaintOut, summary="Rework (重办)")
def rework(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    complaint = seen(request, number)
    actions.rework(complaint, by=request.user, reason=data.reason)
    return complaint


@router.post("/complaints/{number}/taking-up", response=ComplaintOut, summary="Take up the rework")
def take_up(request: HuiyinRequest, number: str) -> Complaint:
    complaint = seen(request, number)
    actions.take_up(complaint, by=request.user)
    return complaint


@router.post("/complaints/{number}/withdrawal", response=ComplaintOut, summary="Withdraw (撤回)")
def withdraw(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    complaint = seen(request, number)
    actions.withdraw(complaint, by=request.user, reason=data.reason)
    return complaint


@router.post("/complaints/{number}/cancellation", response=ComplaintOut, summary="Void (作废)")
def cancel(request: HuiyinRequest, number: str, data: ReasonIn) -> Complaint:
    complaint = seen(request, number)
    actions.cancel(complaint, by=request.user, reason=data.reason)
    return complaint


# --- the seal and the library of cases ------------------------------------------------------------


class SealOut(Schema):
    digest: str = Field(description="SHA-256, in hexadecimal digits")
    at: datetime
    holds: bool = Field(description="whether everything is as it was sealed")


class CaseOut(Schema):
    id: int
    title: str
    category: str
    story: str
    handling: str
    lesson: str
    state: str = Field(description="draft, accepted, refused")
    at: datetime


class CasePage(Schema):
    items: list[CaseOut]
    next_after: int | None


class LessonIn(Schema):
    lesson: str = ""


class CaseIn(Schema):
    title: str
    story: str
    handling: str
    lesson: str = ""


class CaseNoteIn(Schema):
    note: str


@router.get("/complaints/{number}/seal", response=SealOut, summary="The seal of an archived one")
def get_seal(request: HuiyinRequest, number: str) -> dict[str, Any]:
    complaint = seen(request, number)
    found = complaint.seals.first()
    if found is None:
        raise Refused(_("这条投诉还没有归档封印"))
    return {"digest": found.digest, "at": found.at, "holds": not actions.broken(complaint)}


@router.get("/cases", response=CasePage, summary="The library of cases")
def list_cases(
    request: HuiyinRequest, state: str = "", q: str = "", category: str = "", after: str = ""
) -> dict[str, Any]:
    typed = {"state": state, "q": q, "category": category, "after": after}
    items, last = lists.page(request.user, lists.Asked.read(typed))
    return {"items": items, "next_after": last}


def _case(request: HuiyinRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user), pk=pk)


@router.get("/cases/{pk}", response=CaseOut, summary="One case")
def get_case(request: HuiyinRequest, pk: int) -> Case:
    return _case(request, pk)


@router.post("/cases/{pk}/acceptance", response=CaseOut, summary="Take it into the library")
def accept_case(request: HuiyinRequest, pk: int, data: CaseIn) -> Case:
    return actions.accept_case(_case(request, pk), by=request.user, **data.dict())


@router.post("/cases/{pk}/refusal", response=CaseOut, summary="Not for the library")
def refuse_case(request: HuiyinRequest, pk: int, data: CaseNoteIn) -> Case:
    return actions.refuse_case(_case(request, pk), by=request.user, note=data.note)


@router.post(
    "/complaints/{number}/cases", response={201: CaseOut}, summary="Recommend it as a case"
)
def propose_case(request: HuiyinRequest, number: str, data: LessonIn) -> Answer[Case]:
    complaint = seen(request, number)
    return Answer(201, actions.propose_case(complaint, by=request.user, lesson=data.lesson))
