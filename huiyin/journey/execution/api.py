"""Execution for programs."""

from __future__ import annotations

from datetime import date, datetime

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.execution import actions
from huiyin.journey.execution.models import Payment, Step
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import MOST_FEN

router = Router(tags=["execution"])


class PaymentOut(Schema):
    amount_fen: int
    reference: str
    at: datetime


class StepOut(Schema):
    id: int
    offer: int
    what: str
    doer: str = Field(description="handler, finance, department, system")
    who: str
    state: str = Field(
        description="planned, open, accepted, done, failed, mismatch, recalled, cancelled"
    )
    amount_fen: int
    paid_fen: int
    due_at: datetime | None
    told_on: date | None = Field(description="the last day that the customer was told unasked")
    proof: str
    problem: str
    task: int | None
    call: str | None
    done_at: datetime | None
    payments: list[PaymentOut]

    @staticmethod
    def resolve_offer(step: Step) -> int:
        return step.offer_id

    @staticmethod
    def resolve_task(step: Step) -> int | None:
        return step.task_id

    @staticmethod
    def resolve_call(step: Step) -> str | None:
        return step.call.uid if step.call else None

    @staticmethod
    def resolve_payments(step: Step) -> list[Payment]:
        return list(step.payments.all())


class CompletionIn(Schema):
    proof: str
    paid_fen: int | None = Field(None, ge=0, le=MOST_FEN, description="default: all that is owed")
    partial: bool = Field(False, description="the rest is paid later")


class TakeOverIn(Schema):
    reason: str
    sure: bool = Field(False, description="the outside system did not and will not do it")
    paid_fen: int = Field(0, ge=0, le=MOST_FEN, description="what it did pay, as was checked")


class PostponementIn(Schema):
    due_on: date
    reason: str = Field(description="the customer reads it")


class PostponementOut(Schema):
    told: bool = Field(description="whether the customer is told: it is later than he knows")


class RecallIn(Schema):
    words: str = Field(description="what became of it, as was found out")


def _step(request: HuiyinRequest, number: str, step_id: int) -> Step:
    step = get_object_or_404(
        Step.objects.with_all().prefetch_related("payments"),
        pk=step_id,
        complaint=seen(request, number),
    )
    step.offer.complaint = step.complaint
    return step


def _fresh(step: Step) -> Step:
    return Step.objects.with_all().prefetch_related("payments").get(pk=step.pk)


@router.get("/complaints/{number}/steps", response=list[StepOut], summary="Steps of execution")
def list_steps(request: HuiyinRequest, number: str) -> list[Step]:
    steps = Step.objects.with_all().prefetch_related("payments")
    return list(steps.filter(complaint=seen(request, number)).order_by("offer", "position")[:200])


@router.post(
    "/complaints/{number}/offers/{offer_id}/steps", response=list[StepOut], summary="Plan steps"
)
def plan_steps(request: HuiyinRequest, number: str, offer_id: int) -> list[Step]:
    """Of an offer that was agreed before its remedy had steps."""
    offers = Offer.objects.select_related("complaint__customer", "remedy")
    offer = get_object_or_404(offers, pk=offer_id, complaint=seen(request, number))
    return [_fresh(step) for step in actions.plan_by_hand(offer, by=request.user)]


@router.post(
    "/complaints/{number}/steps/{step_id}/completion", response=StepOut, summary="It is done"
)
def complete_step(
    request: HuiyinRequest,
    number: str,
    step_id: int,
    data: Form[CompletionIn],
    file: File[UploadedFile | None] = None,
) -> Step:
    """With proof, as form data so that a file may come along."""
    step = _step(request, number, step_id)
    return _fresh(actions.complete(step, by=request.user, upload=file, **data.dict()))


@router.post("/complaints/{number}/steps/{step_id}/retrying", response=StepOut, summary="Try again")
def retry_step(request: HuiyinRequest, number: str, step_id: int) -> Step:
    return _fresh(actions.retry(_step(request, number, step_id), by=request.user))


@router.post(
    "/complaints/{number}/steps/{step_id}/taking-over", response=StepOut, summary="Do it by hand"
)
def take_over_step(request: HuiyinRequest, number: str, step_id: int, data: TakeOverIn) -> Step:
    step = _step(request, number, step_id)
    return _fresh(actions.take_over(step, by=request.user, **data.dict()))


@router.post(
    "/complaints/{number}/steps/{step_id}/postponement",
    response=PostponementOut,
    summary="Another day",
)
def postpone_step(
    request: HuiyinRequest, number: str, step_id: int, data: PostponementIn
) -> dict[str, bool]:
    """Later than the customer knows: he is told unasked."""
    step = _step(request, number, step_id)
    return {"told": actions.postpone(step, by=request.user, **data.dict())}


@router.post(
    "/complaints/{number}/steps/{step_id}/recall", response=StepOut, summary="What was called back"
)
def settle_recall(request: HuiyinRequest, number: str, step_id: int, data: RecallIn) -> Step:
    step = _step(request, number, step_id)
    actions.settle_recall(step, by=request.user, words=data.words)
    return _fresh(step)
