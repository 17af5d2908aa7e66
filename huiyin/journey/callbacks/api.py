"""Call-backs for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground.refusal import Refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.callbacks import actions, lists
from huiyin.journey.callbacks.models import Callback, Try
from huiyin.journey.callbacks.permissions import can_see_queue
from huiyin.journey.callbacks.words import CallbackKind, Result
from huiyin.journey.complaint.api import seen

router = Router(tags=["callbacks"])


class TryOut(Schema):
    id: int
    result: str
    words: str
    part: str = Field(description="morning, noon, afternoon, evening")
    recording: str | None = Field(description="uuid of the evidence")
    offset: int | None = Field(description="seconds of the recording")
    next_at: datetime | None
    by: str
    at: datetime

    @staticmethod
    def resolve_recording(one: Try) -> str | None:
        return str(one.recording.uuid) if one.recording else None

    @staticmethod
    def resolve_by(one: Try) -> str:
        return one.by.username


class CallbackOut(Schema):
    id: int
    complaint: str = Field(description="number of the complaint")
    kind: str
    reason: str
    state: str = Field(description="open, done, cancelled")
    person: str | None
    post: str = Field(description="role whose holders call; empty: whoever handles it")
    due_at: datetime = Field(description="until when, as its clock says")
    next_at: datetime = Field(description="when it is to be tried next")
    next_part: str
    appointment_at: datetime | None
    tries: int
    claimed_by: str | None
    claimed_until: datetime | None
    result: str
    words: str
    done_by: str | None
    done_at: datetime | None

    @staticmethod
    def resolve_complaint(one: Callback) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_due_at(one: Callback) -> datetime:
        return one.limit

    @staticmethod
    def resolve_person(one: Callback) -> str | None:
        return one.person.username if one.person else None

    @staticmethod
    def resolve_claimed_by(one: Callback) -> str | None:
        return one.claimed_by.username if one.claimed_by else None

    @staticmethod
    def resolve_done_by(one: Callback) -> str | None:
        return one.done_by.username if one.done_by else None


class CallbackPage(Schema):
    items: list[CallbackOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class CallbackIn(Schema):
    kind: CallbackKind = Field(CallbackKind.ASKED, description="asked, dropped or talk")
    reason: str
    appointment_at: datetime | None = None


class AnswerIn(Schema):
    result: Result
    words: str = ""
    offset: int | None = Field(None, description="seconds of the recording")
    appointment_at: datetime | None = Field(None, description="needed for `later`")


class AppointmentIn(Schema):
    at: datetime
    reason: str = ""


class CallbackReasonIn(Schema):
    reason: str


def _one(request: HuiyinRequest, pk: int) -> Callback:
    visible = Callback.objects.visible_to(request.user)
    found: Callback = get_object_or_404(visible.with_all(), pk=pk)
    return found


@router.get("/callbacks", response=CallbackPage, summary="The queue of call-backs, next first")
def list_callbacks(
    request: HuiyinRequest,
    view: str = "open",
    whose: str = "mine",
    kind: str = "",
    part: str = "",
    result: str = "",
    q: str = "",
    after: str = "",
) -> dict[str, Any]:
    """`view`: open, due, later, appointed, late, done; `whose`: mine or team."""
    can_see_queue.require(request.user, None)
    typed = {"view": view, "whose": whose, "kind": kind, "part": part}
    asked = lists.Asked.read({**typed, "result": result, "q": q, "after": after})
    items, last = lists.page(request.user, asked)
    return {"items": items, "next_after": last}


@router.post("/callbacks/next", response=CallbackOut, summary="Take the most pressing one")
def take_next(request: HuiyinRequest) -> Callback:
    can_see_queue.require(request.user, None)
    found = actions.take_next(request.user)
    if found is None:
        raise Refused(_("现在没有该您打的电话"))
    return _one(request, found.pk)


@router.get("/callbacks/{pk}", response=CallbackOut, summary="One call-back")
def get_callback(request: HuiyinRequest, pk: int) -> Callback:
    return _one(request, pk)


@router.get("/callbacks/{pk}/tries", response=list[TryOut], summary="Its tries, the last first")
def list_tries(request: HuiyinRequest, pk: int) -> list[Try]:
    return list(_one(request, pk).all_tries.select_related("by", "recording")[:100])


@router.post("/callbacks/{pk}/claim", response=CallbackOut, summary="Keep others from calling")
def claim(request: HuiyinRequest, pk: int) -> Callback:
    actions.claim(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.delete("/callbacks/{pk}/claim", response=CallbackOut, summary="Give it back to the queue")
def release(request: HuiyinRequest, pk: int) -> Callback:
    actions.release(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/callbacks/{pk}/tries", response={201: TryOut}, summary="What came of a call")
def answer(
    request: HuiyinRequest,
    pk: int,
    data: Form[AnswerIn],
    recording: UploadedFile | None = File(None),  # type: ignore[type-arg]  # noqa: B008
) -> Answer[Try]:
    made = actions.answer(_one(request, pk), by=request.user, recording=recording, **data.dict())
    return Answer(201, made)


@router.put("/callbacks/{pk}/appointment", response=CallbackOut, summary="Another time (改约)")
def appoint(request: HuiyinRequest, pk: int, data: AppointmentIn) -> Callback:
    actions.appoint(_one(request, pk), by=request.user, at=data.at, reason=data.reason)
    return _one(request, pk)


@router.post("/callbacks/{pk}/cancellation", response=CallbackOut, summary="Call it off (取消)")
def cancel(request: HuiyinRequest, pk: int, data: CallbackReasonIn) -> Callback:
    actions.cancel(_one(request, pk), by=request.user, reason=data.reason)
    return _one(request, pk)


@router.get(
    "/complaints/{number}/callbacks", response=list[CallbackOut], summary="Calls of a complaint"
)
def list_of_complaint(request: HuiyinRequest, number: str) -> list[Callback]:
    visible = seen(request, number).callbacks.visible_to(request.user)  # type: ignore[attr-defined]
    return list(visible.with_all().order_by("-pk")[:100])


@router.post(
    "/complaints/{number}/callbacks", response={201: CallbackOut}, summary="Arrange a call (约回电)"
)
def arrange(request: HuiyinRequest, number: str, data: CallbackIn) -> Answer[Callback]:
    made = actions.arrange(seen(request, number), by=request.user, **data.dict())
    return Answer(201, _one(request, made.pk))
