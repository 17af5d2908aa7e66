"""Notices for programs."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.notices.actions import mark_read, notices_of
from huiyin.surface.notices.models import Notice

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
