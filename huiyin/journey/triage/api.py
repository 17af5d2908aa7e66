"""Triage for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Router, Schema
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.intake.permissions import can_register
from huiyin.journey.triage import actions, knowledge, shown
from huiyin.journey.triage.models import Category, Rejection, Triage
from huiyin.journey.triage.rules import Reading
from huiyin.journey.triage.words import RejectReason

router = Router(tags=["triage"])


class CategoryOut(Schema):
    code: str
    parent: str | None
    level: int = Field(description="1 heading to 3; complaints take level 2 or 3")
    name: str
    description: str
    severity: int
    sla_code: str
    handling_rule: str
    nature: str
    owner_dept: str
    retired_at: datetime | None

    @staticmethod
    def resolve_parent(c: Category) -> str | None:
        return c.parent_id


class PointOut(Schema):
    key: str
    points: int
    because: str


class GuessOut(Schema):
    code: str
    confidence: float


class TriageOut(Schema):
    id: int
    source: str = Field(description="rule or human")
    category: str | None
    confidence: float
    severity: int
    score: int
    nature: str
    emotion: str
    intensity: int = Field(description="0–100")
    urgency: str
    scope: str
    risks: list[str]
    conduct: bool
    points: list[PointOut]
    guesses: list[GuessOut]
    evidence: list[list[Any]] = Field(
        description="[start, end, group, label, points] in the complaint's text"
    )
    reason: str
    rule_version: str
    by: str
    at: datetime
    confirmed_at: datetime | None

    @staticmethod
    def resolve_category(t: Triage) -> str | None:
        return t.category_id

    @staticmethod
    def resolve_by(t: Triage) -> str:
        return t.by.username


class TriageIn(Schema):
    category: str = Field(max_length=20)
    severity: int = Field(ge=1, le=4)
    reason: str = Field("", max_length=500)
    seen: int | None = Field(
        None, description="id of the triage you looked at, to be refused if stale"
    )


class PreviewIn(Schema):
    text: str = Field(description="the first 20,000 characters are read", max_length=1_000_000)
    wanted: str = Field("", max_length=500)
    contact_count: int = Field(1, ge=1, le=99)
    level: str = Field("normal", description="normal or vip")
    category: str = Field("", max_length=20)
    channel: str = Field("", max_length=12)


class EvidenceOut(Schema):
    start: int
    end: int
    words: str
    group: str
    label: str
    points: int


class PreviewOut(Schema):
    severity: int
    score: int
    points: list[PointOut]
    category: str
    category_name: str
    confidence: float
    guesses: list[GuessOut]
    nature: str
    risks: list[str]
    conduct: bool
    emotion: str
    intensity: int
    urgency: str
    scope: str
    people: int | None
    contacts: int
    evidence: list[EvidenceOut]
    restated: str
    first_steps: list[str]
    elements: list[str]
    rule_version: str

    @staticmethod
    def resolve_category_name(r: Reading) -> str:
        return knowledge.current().path(r.category)

    @staticmethod
    def resolve_restated(r: Reading) -> str:
        return shown.restated(r)

    @staticmethod
    def resolve_first_steps(r: Reading) -> list[str]:
        return shown.first_steps(r.category, r.risks)


class RejectionIn(Schema):
    reason: RejectReason
    remedies: str = Field(max_length=2000, description="which other ways the customer is told of")


class RejectionOut(Schema):
    reason: str
    remedies: str
    at: datetime


@router.get("/categories", response=list[CategoryOut], summary="The taxonomy")
def list_categories(request: HuiyinRequest, retired: bool = False) -> list[Category]:
    """In English with `?lang=en`; with `retired=true` also those that are no longer used."""
    known = knowledge.current().categories.values()
    return [category for category in known if retired or category.retired_at is None]


@router.post("/triage/preview", response=PreviewOut, summary="Read a text without keeping it")
def preview(request: HuiyinRequest, data: PreviewIn) -> Reading:
    can_register.require(request.user, None)
    return knowledge.preview(**data.dict())


@router.get(
    "/complaints/{number}/triage", response=list[TriageOut], summary="Readings and decisions"
)
def list_triages(request: HuiyinRequest, number: str) -> list[Triage]:
    """Newest first (at most 100)."""
    complaint = seen(request, number)
    return list(complaint.triages.select_related("by").order_by("-pk")[:100])


@router.post("/complaints/{number}/triage", response={201: TriageOut}, summary="Confirm or correct")
def create_triage(request: HuiyinRequest, number: str, data: TriageIn) -> Status[Triage]:
    complaint = seen(request, number)
    return Status(201, actions.confirm(complaint, by=request.user, **data.dict()))


@router.post(
    "/complaints/{number}/rejection", response={201: RejectionOut}, summary="Do not take it up"
)
def create_rejection(request: HuiyinRequest, number: str, data: RejectionIn) -> Status[Rejection]:
    complaint = seen(request, number)
    return Status(201, actions.reject(complaint, by=request.user, **data.dict()))
