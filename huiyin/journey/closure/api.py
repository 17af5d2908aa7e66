"""The closure for programs."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Closing, Feedback, Visit
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy

router = Router(tags=["closure"])


class FeedbackIn(Schema):
    measures: str
    result: str
    prevention: str = ""


class FeedbackOut(FeedbackIn):
    id: int
    at: datetime


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
