"""Mediation for programs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Mediation, MediationEnd, Mediator
from huiyin.journey.closure.words import MediationOutcome
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.permissions import can_open_evidence

router = Router(tags=["closure"])


class MediatorOut(Schema):
    code: str
    kind: str = Field(description="hotline, people, trade, association, court, other")
    name: str
    days: int | None = Field(description="within which it has to come to an end")
    source: str


class MediationIn(Schema):
    mediator: str = Field(description="code, e.g. hotline-12315")
    body: str = Field("", description="the office itself; empty: the name of the mediator")
    reference: str = Field("", description="its number there")
    begun_on: date | None = Field(None, description="not given: today")
    note: str = ""
    papers: list[UUID] = Field([], max_length=10, description="evidence of this complaint")


class OutcomeIn(Schema):
    outcome: MediationOutcome
    words: str = Field(description="the agreed text, or why it came to nothing")
    owes: bool = Field(False, description="reached, and we still have something to do")
    ended_on: date | None = Field(None, description="not given: today")
    papers: list[UUID] = Field([], max_length=10, description="evidence of this complaint")


class OutcomeOut(Schema):
    outcome: str
    ended_on: date
    words: str
    owes: bool
    by: str
    at: datetime

    @staticmethod
    def resolve_by(ending: MediationEnd) -> str:
        return ending.by.username


class MediationOut(Schema):
    id: int
    mediator: str
    body: str
    reference: str
    begun_on: date
    due_on: date | None = Field(description="by when the body has to end it")
    note: str
    by: str
    at: datetime
    outcome: OutcomeOut | None
    papers: list[UUID]

    @staticmethod
    def resolve_mediator(mediation: Mediation) -> str:
        return str(mediation.mediator.code)

    @staticmethod
    def resolve_by(mediation: Mediation) -> str:
        return mediation.by.username

    @staticmethod
    def resolve_papers(mediation: Mediation) -> list[UUID]:
        return [one.evidence.uuid for one in mediation.papers.select_related("evidence")]


@router.get("/mediators", response=list[MediatorOut], summary="Who mediates")
def list_mediators(request: HuiyinRequest) -> list[Mediator]:
    return list(Mediator.objects.filter(enabled=True))


@router.get(
    "/complaints/{number}/mediations", response=list[MediationOut], summary="Its mediations"
)
def list_mediations(request: HuiyinRequest, number: str) -> list[Mediation]:
    found = seen(request, number).mediations.select_related("mediator", "by", "end__by")
    return list(found[:100])


@router.post(
    "/complaints/{number}/mediations",
    response={201: MediationOut},
    summary="Mediation was begun (开始调解)",
)
def begin_mediation(request: HuiyinRequest, number: str, data: MediationIn) -> Answer[Mediation]:
    complaint = seen(request, number)
    mediator = get_object_or_404(Mediator, code=data.mediator, enabled=True)
    made = actions.begin_mediation(
        complaint,
        by=request.user,
        mediator=mediator,
        papers=_papers(request, complaint, data.papers),
        **data.dict(exclude={"mediator", "papers"}),
    )
    return Answer(201, made)


@router.post(
    "/complaints/{number}/mediations/{mediation_id}/outcome",
    response={201: MediationOut},
    summary="What came of it (调解结果)",
)
def end_mediation(
    request: HuiyinRequest, number: str, mediation_id: int, data: OutcomeIn
) -> Answer[Mediation]:
    complaint = seen(request, number)
    mediation = get_object_or_404(complaint.mediations, pk=mediation_id)
    mediation.complaint = complaint
    actions.end_mediation(
        mediation,
        by=request.user,
        papers=_papers(request, complaint, data.papers),
        **data.dict(exclude={"papers"}),
    )
    return Answer(201, complaint.mediations.select_related("end__by").get(pk=mediation.pk))


def _papers(request: HuiyinRequest, complaint: Complaint, uuids: list[UUID]) -> list[Evidence]:
    """Evidence of this complaint that the asking one may open."""
    found = list(complaint.evidence.filter(uuid__in=uuids))
    for one in found:
        one.complaint = complaint
    found = [one for one in found if can_open_evidence(request.user, one)]
    if len(found) < len(set(uuids)):
        sentence = _("没有找到这些材料，请先上传为证据")
        raise Invalid(sentence, papers=sentence)
    return found
