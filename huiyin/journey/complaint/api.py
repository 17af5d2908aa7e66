"""Complaints for programs: the list and the one."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_name
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint import actions
from huiyin.journey.complaint.models import Complaint, Event, EventQuerySet
from huiyin.journey.complaint.words import Sight, Status

router = Router(tags=["complaints"])

LARGEST_PAGE = 200


def seen(request: HuiyinRequest, number: str) -> Complaint:
    """The complaint of this number, if the caller sees it; 404 otherwise."""
    return get_object_or_404(
        Complaint.objects.visible_to(request.user).select_related("customer", "team", "assignee"),
        number=number,
    )


class ComplaintOut(Schema):
    """One complaint as lists show it. Names are masked; moments are ISO 8601 with offset."""

    number: str
    status: str = Field(description="code of lifecycle.Status, e.g. HND")
    public_state: str
    subject: str
    wanted: str
    channel: str
    severity: int | None = Field(description="1 (S1, most serious) to 4")
    category: str
    category_confirmed: bool
    risks: list[str]
    emotion: str
    team: str | None
    assignee: str | None
    customer: str
    order_no: str
    happened_on: date | None
    received_at: datetime
    due_at: datetime | None
    due_kind: str
    last_activity_at: datetime
    contact_count: int

    @staticmethod
    def resolve_team(c: Complaint) -> str | None:
        return c.team.code if c.team else None

    @staticmethod
    def resolve_assignee(c: Complaint) -> str | None:
        return c.assignee.username if c.assignee else None

    @staticmethod
    def resolve_customer(c: Complaint) -> str:
        return masked_name(c.customer.name)

    @staticmethod
    def resolve_due_at(c: Complaint) -> datetime | None:
        return c.next_due_at

    @staticmethod
    def resolve_due_kind(c: Complaint) -> str:
        return c.next_due_kind


class EventOut(Schema):
    what: str
    by: str
    at: datetime
    facts: dict[str, Any]

    @staticmethod
    def resolve_by(event: Event) -> str:
        return event.by.username


class ComplaintDetail(ComplaintOut):
    """With the text and the story, oldest first (the last 500 lines)."""

    text: str
    owner: str | None = Field(description="who answers to the customer, whoever works on it")
    story: list[EventOut]

    @staticmethod
    def resolve_owner(c: Complaint) -> str | None:
        return c.owner.username if c.owner else None

    @staticmethod
    def resolve_story(c: Complaint, context: Any) -> list[Event]:
        told: EventQuerySet = c.events.told_to(context["request"].user)  # type: ignore[attr-defined]
        return list(told.select_related("by").order_by("-pk")[:500])[::-1]


class ComplaintPage(Schema):
    items: list[ComplaintOut]
    next_cursor: str | None = Field(description="give it as ?cursor= for the next page")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = parse_datetime(str(at))
        if moment is None or moment.tzinfo is None:
            raise ValueError(cursor)
        return moment, int(pk)
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise Invalid(_("cursor 无效，请使用上一页返回的 next_cursor")) from error


def _cursor_after(complaint: Complaint) -> str:
    place = json.dumps([complaint.received_at.isoformat(), complaint.pk])
    return base64.urlsafe_b64encode(place.encode()).decode()


@router.get("/complaints", response=ComplaintPage, summary="List complaints, newest first")
def list_complaints(
    request: HuiyinRequest,
    q: str = "",
    status: str = "",
    severity: int | None = None,
    team: str = "",
    cursor: str = "",
    limit: int = Query(50, ge=1, le=LARGEST_PAGE),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Only what the caller may see. `status`: codes separated by commas, or "open"."""
    found = Complaint.objects.visible_to(request.user).search(q)
    if status == "open":
        found = found.open()
    elif status:
        codes = status.upper().split(",")
        if unknown := set(codes) - set(Status.values):
            raise Invalid(_("没有这种状态：%(codes)s") % {"codes": "、".join(sorted(unknown))})
        found = found.filter(status__in=codes)
    if severity is not None:
        found = found.filter(severity=severity)
    if team:
        found = found.filter(team__code=team)
    if cursor:
        at, pk = _read_cursor(cursor)
        found = found.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    page = list(found.for_list().order_by("-received_at", "-pk")[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    return {"items": page, "next_cursor": _cursor_after(page[-1]) if more else None}


@router.get("/complaints/{number}", response=ComplaintDetail, summary="One complaint")
def get_complaint(request: HuiyinRequest, number: str) -> Complaint:
    return seen(request, number)


class RestrictionIn(Schema):
    people: list[str] = Field(description="sign-in names of those who may see it besides")
    reason: str


class ReasonIn(Schema):
    reason: str


@router.post(
    "/complaints/{number}/restriction", response={201: ComplaintOut}, summary="Restrict (限制查看)"
)
def restrict_complaint(
    request: HuiyinRequest, number: str, data: RestrictionIn
) -> Answer[Complaint]:
    """Only the named, the handler, and privacy and legal officers see it from then on."""
    complaint = seen(request, number)
    named = list(User.objects.active().filter(username__in=data.people))
    if unknown := set(data.people) - {user.username for user in named}:
        names = "、".join(sorted(unknown))
        raise Invalid(_("没有这样的账号：%(names)s") % {"names": names}, people=_("请检查登录名"))
    actions.restrict(complaint, by=request.user, people=named, reason=data.reason)
    return Answer(201, complaint)


@router.post(
    "/complaints/{number}/restriction/lifting",
    response={201: ComplaintOut},
    summary="Lift a restriction (解除限制)",
)
def lift_restriction(request: HuiyinRequest, number: str, data: ReasonIn) -> Answer[Complaint]:
    complaint = seen(request, number)
    actions.lift(complaint, by=request.user, reason=data.reason)
    return Answer(201, complaint)


class BarringIn(Schema):
    person: str = Field("", description="sign-in name; empty: oneself")
    reason: str


class BarredOut(Schema):
    person: str
    name: str
    by: str
    at: datetime


def _named(username: str) -> User:
    person: User = get_object_or_404(User.objects.people(), username=username)
    return person


def _barred(complaint: Complaint) -> list[dict[str, Any]]:
    rows = complaint.access.filter(sight=Sight.BARRED).select_related("user", "by").order_by("pk")
    return [
        {"person": r.user.username, "name": r.user.name, "by": r.by.username, "at": r.at}
        for r in rows
    ]


@router.get(
    "/complaints/{number}/restriction/barring", response=list[BarredOut], summary="Who is barred"
)
def list_barred(request: HuiyinRequest, number: str) -> list[dict[str, Any]]:
    return _barred(seen(request, number))


@router.post(
    "/complaints/{number}/restriction/barring",
    response={201: list[BarredOut]},
    summary="Bar a person (回避)",
)
def bar_person(
    request: HuiyinRequest, number: str, data: BarringIn
) -> Answer[list[dict[str, Any]]]:
    """From then on this person sees it on no path and is never given it."""
    complaint = seen(request, number)
    person = _named(data.person) if data.person else request.user
    actions.bar(complaint, by=request.user, person=person, reason=data.reason)
    return Answer(201, _barred(complaint) if person != request.user else [])


@router.post(
    "/complaints/{number}/restriction/unbarring",
    response={201: list[BarredOut]},
    summary="Lift a barring (解除回避)",
)
def unbar_person(
    request: HuiyinRequest, number: str, data: BarringIn
) -> Answer[list[dict[str, Any]]]:
    complaint = seen(request, number)
    actions.unbar(complaint, by=request.user, person=_named(data.person), reason=data.reason)
    return Answer(201, _barred(complaint))
