"""Notices for programs."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat.permissions import can_sit
from huiyin.surface.notices.actions import mark_read, notices_of
from huiyin.surface.notices.models import Notice, OwnPhrase
from huiyin.surface.notices.phrasing import drop_own, keep_own, own_phrases

router = Router(tags=["notices"])


class NoticeOut(Schema):
    id: int
    complaint: str = Field(description="its number; empty of what is of no complaint")
    page: str = Field(description="where a person reads on")
    text: str
    urgent: bool
    at: datetime
    read_at: datetime | None

    @staticmethod
    def resolve_complaint(notice: Notice) -> str:
        return notice.complaint.number if notice.complaint else ""


class Read(Schema):
    read: int


@router.get("/notices", response=list[NoticeOut], summary="My notices")
def list_notices(request: HuiyinRequest) -> list[Notice]:
    """The last 100, newest first."""
    return list(notices_of(request.user).select_related("complaint", "event")[:100])


@router.post("/notices/reading", response=Read, summary="All read")
def read_notices(request: HuiyinRequest) -> dict[str, int]:
    return {"read": mark_read(request.user)}


class OwnPhraseIn(Schema):
    title: str = Field("", max_length=200, description="empty: its first words")
    shortcut: str = Field("", max_length=60, description="typed after a slash; once a person")
    text: str = Field(max_length=20_000)


class OwnPhraseOut(Schema):
    id: int
    title: str
    shortcut: str
    text: str


@router.get("/phrases/mine", response=list[OwnPhraseOut], summary="My canned replies")
def list_own(request: HuiyinRequest, q: str = "") -> list[OwnPhrase]:
    """One's own alone, those with every word of `q`."""
    can_sit.require(request.user, None)
    return own_phrases(request.user, q[:40])


@router.post("/phrases/mine", response={201: OwnPhraseOut}, summary="Keep a canned reply")
def make_own(request: HuiyinRequest, data: OwnPhraseIn) -> Status[OwnPhrase]:
    return Status(201, keep_own(by=request.user, **data.dict()))


@router.put("/phrases/mine/{phrase}", response=OwnPhraseOut, summary="Change one")
def change_own(request: HuiyinRequest, phrase: int, data: OwnPhraseIn) -> OwnPhrase:
    return keep_own(by=request.user, phrase=_own(request, phrase), **data.dict())


@router.delete("/phrases/mine/{phrase}", response={204: None}, summary="Drop one")
def remove_own(request: HuiyinRequest, phrase: int) -> Status[None]:
    drop_own(_own(request, phrase), by=request.user)
    return Status(204, None)


def _own(request: HuiyinRequest, pk: int) -> OwnPhrase:
    can_sit.require(request.user, None)
    return get_object_or_404(OwnPhrase.objects.of(request.user), pk=pk)
