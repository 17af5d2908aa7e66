"""The inbox for programs: what waits for the caller. Each is decided by its stage's operation."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from ninja import Field, Query, Router, Schema

from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.inbox import lists
from huiyin.surface.inbox.kinds import BY_KEY, Item

router = Router(tags=["inbox"])


class WaitingOut(Schema):
    kind: str = Field(description="what is asked for: " + ", ".join(BY_KEY))
    id: int = Field(description="of the offer, request, dispute, report, signature or version")
    number: str = Field(description="of the complaint; of knowledge its code")
    subject: str
    severity: int | None
    by: str = Field(description="who asks")
    why: str
    asked: str = Field(description="what a yes would give: a sum, more time, a department")
    since: datetime
    due_at: datetime | None
    page: str = Field(description="where a person decides it; reading it decides nothing")


class InboxOut(Schema):
    items: list[WaitingOut]
    counts: dict[str, int]
    next_cursor: str | None = Field(description="give it as ?cursor= for the next page")


class Asked(Schema):
    kind: str = ""
    q: str = Field("", max_length=lists.LONGEST_Q)
    cursor: str = ""


@router.get("/inbox", response=InboxOut, summary="What waits for your decision (待我审批)")
def list_inbox(request: HuiyinRequest, asked: Query[Asked]) -> dict[str, object]:
    """The longest waiting first. An unknown kind gives nothing."""
    items, after = lists.page(request.user, key=asked.kind, q=asked.q, cursor=asked.cursor)
    return {
        "items": [_told(item) for item in items],
        "counts": lists.counts(request.user),
        "next_cursor": after or None,
    }


def _told(item: Item) -> dict[str, object]:
    return {
        "kind": item.kind.key,
        "id": item.pk,
        "number": item.number,
        "subject": item.subject,
        "severity": item.complaint.severity if item.complaint else None,
        "by": item.by,
        "why": item.why,
        "asked": item.asked,
        "since": item.since,
        "due_at": item.due_at,
        "page": reverse("inbox:one", args=(item.kind.key, item.pk)),
    }
