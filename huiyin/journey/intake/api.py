"""Intake for programs: register, look for the same story, fields, drafts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field as In
from ninja import Header, Router, Schema
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.api import router as complaints
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.intake import actions, known, rules
from huiyin.journey.intake.actions import Circumstances, Contact
from huiyin.journey.intake.models import Answer, Draft, Field, Intake
from huiyin.journey.intake.permissions import can_register
from huiyin.journey.intake.words import ReplyBy, Via

router = Router(tags=["intake"])


class ContactIn(Schema):
    """Who complains. All three may be empty: then the complaint is anonymous.

    The phone in any spelling; it is kept as E.164.
    """

    name: str = ""
    phone: str = ""
    email: str = ""


class ComplaintIn(Schema):
    channel: Channel = Channel.API
    contact: ContactIn = ContactIn()
    text: str = In(description="what happened, at most 20,000 characters")
    wanted: str = In("", description="what the customer wants, at most 500 characters")
    order_no: str = ""
    happened_on: date | None = None
    category: str = In("", description="code of the taxonomy; empty lets triage decide")
    severity: int | None = In(None, ge=1, le=4, description="1 (S1) to 4; null lets triage decide")
    fields: dict[str, Any] = In({}, description="answers by field key, see GET /fields")
    concerning: str = In("", description="shop, department, product or person concerned")
    place: str = ""
    reply_by: ReplyBy | None = None
    privacy_version: str = In("", description="version of the privacy notice that was shown")
    recording_told: bool = False


class RegisteredOut(Schema):
    """The receipt. `tracking_code` is for the customer only: with it he follows at the portal."""

    number: str
    tracking_code: str
    status: str
    public_state: str
    severity: int | None
    category: str
    category_confirmed: bool
    subject: str
    team: str | None
    received_at: datetime
    due_at: datetime | None
    due_kind: str

    @staticmethod
    def resolve_team(c: Complaint) -> str | None:
        return c.team.code if c.team else None

    @staticmethod
    def resolve_due_at(c: Complaint) -> datetime | None:
        return c.next_due_at

    @staticmethod
    def resolve_due_kind(c: Complaint) -> str:
        return c.next_due_kind


@complaints.post("/complaints", response={201: RegisteredOut}, summary="Register a complaint")
def register(
    request: HuiyinRequest,
    response: HttpResponse,
    data: ComplaintIn,
    idempotency_key: str = Header("", alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Status[Complaint]:
    """With an `Idempotency-Key` the same content sent again makes nothing new: the answer is that
    of the first time, with the header `Idempotent-Replayed: true`."""
    done = actions.register_once(
        by=request.user,
        channel=data.channel,
        contact=Contact(**data.contact.dict()),
        text=data.text,
        wanted=data.wanted,
        order_no=data.order_no,
        happened_on=data.happened_on,
        category=data.category,
        severity=data.severity,
        fields=data.fields,
        idempotency_key=idempotency_key,
        via=Via.API,
        around=Circumstances(
            concerning=data.concerning,
            place=data.place,
            reply_by=data.reply_by or "",
            privacy_version=data.privacy_version,
            recording_told=data.recording_told,
        ),
    )
    if done.was_there:
        response["Idempotent-Replayed"] = "true"
    return Status(201, done.complaint)


class SimilarIn(Schema):
    text: str = In("", max_length=20_000)
    order_no: str = ""
    phone: str = ""
    email: str = ""


class SimilarOut(Schema):
    complaint: ComplaintOut
    same_customer: bool
    same_order: bool
    likeness: float = In(description="0 to 1, by shared words weighted by rarity")


@router.post("/complaints/similar", response=list[SimilarOut], summary="Similar open complaints")
def similar(request: HuiyinRequest, data: SimilarIn) -> list[known.Similar]:
    """At most five open ones of the last 30 days that the caller sees, the likeliest first."""
    can_register.require(request.user, None)
    return known.similar_open(request.user, **data.dict())


class FieldOut(Schema):
    key: str
    type: str
    label: str
    help: str
    categories: list[str]
    shown_when: dict[str, Any] | None
    required_when: dict[str, Any] | None
    limits: dict[str, Any]
    options: list[dict[str, Any]]

    @staticmethod
    def resolve_label(field: Field) -> str:
        return field.shown_label

    @staticmethod
    def resolve_help(field: Field) -> str:
        return field.shown_help


@router.get("/fields", response=list[FieldOut], summary="Custom fields")
def list_fields(request: HuiyinRequest, category: str = "") -> list[Field]:
    """Those of a category (by code), or all of them."""
    live = Field.objects.live()
    return [f for f in live if not category or rules.applies(f.spec, category)]


class IntakeOut(Schema):
    """How it came in, and what was told and asked at the door."""

    via: Via
    is_unverified: bool = In(description="nobody vouches for who the sender says he is")
    typed: dict[str, str] = In(description="of an unverified sender: phone, email; masked")
    concerning: str
    place: str
    amount_fen: int | None
    expected: str
    reply_by: str
    privacy_version: str
    recording_told: bool


@router.get("/complaints/{number}/intake", response=IntakeOut, summary="How it came in")
def how_it_came(request: HuiyinRequest, number: str) -> Intake:
    return get_object_or_404(Intake, complaint=seen(request, number))


class AnswerOut(Schema):
    key: str
    label: str
    value: Any
    shown: str

    @staticmethod
    def resolve_key(answer: Answer) -> str:
        return answer.field.key

    @staticmethod
    def resolve_label(answer: Answer) -> str:
        return answer.field.shown_label


@router.get("/complaints/{number}/answers", response=list[AnswerOut], summary="Answers")
def list_answers(request: HuiyinRequest, number: str) -> list[Answer]:
    return list(seen(request, number).answers.select_related("field"))


class DraftIn(Schema):
    content: dict[str, Any]


class DraftOut(Schema):
    key: UUID
    content: dict[str, Any]
    updated_at: datetime


@router.get("/drafts", response=list[DraftOut], summary="My drafts")
def list_drafts(request: HuiyinRequest) -> list[Draft]:
    return list(Draft.objects.of(request.user)[: actions.MOST_DRAFTS])


@router.put("/drafts/{key}", response=DraftOut, summary="Save a draft")
def save_draft(request: HuiyinRequest, key: UUID, data: DraftIn) -> Draft:
    return actions.save_draft(key, by=request.user, content=data.content)


@router.delete("/drafts/{key}", response={204: None}, summary="Discard a draft")
def delete_draft(request: HuiyinRequest, key: UUID) -> Status[None]:
    actions.discard(get_object_or_404(Draft.objects.of(request.user), key=key))
    return Status(204, None)
