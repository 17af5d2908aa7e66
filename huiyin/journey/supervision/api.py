"""Supervision for programs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground.people.models import Department
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.api import seen
from huiyin.journey.supervision import actions, lists
from huiyin.journey.supervision.models import Measure, Supervision
from huiyin.journey.supervision.words import Ending, Level

router = Router(tags=["supervision"])


class MeasureOut(Schema):
    id: int
    text: str
    files: list[str]
    late: bool
    verdict: str = Field(description="waiting, accepted, refused")
    note: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(one: Measure) -> str:
        return one.by.username

    @staticmethod
    def resolve_files(one: Measure) -> list[str]:
        return [str(file.uuid) for file in one.files.all()]


class SupervisionOut(Schema):
    id: int
    complaint: str = Field(description="number of the complaint")
    level: str = Field(description="ordinary, posted or summons")
    trigger: str
    whom: str = Field(description="handler, or head of a department")
    department: str | None
    addressee: str
    reason: str
    stage: str = Field(description="due, filed, accepted, lifted")
    due_at: datetime
    late: bool
    by: str
    at: datetime
    ending: str
    words: str
    lifted_at: datetime | None

    @staticmethod
    def resolve_complaint(one: Supervision) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_department(one: Supervision) -> str | None:
        return one.department.code if one.department else None

    @staticmethod
    def resolve_by(one: Supervision) -> str:
        return one.by.username


class SupervisionPage(Schema):
    items: list[SupervisionOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class LimitIn(Schema):
    amount: Decimal | None = Field(None, description="time for filing; empty: the level's own")
    unit: Unit | None = None

    @property
    def limit(self) -> dict[str, Any]:
        return {"amount": self.amount, "unit": self.unit or ""}


class SupervisionIn(LimitIn):
    level: Level
    reason: str
    department: str | None = Field(None, description="code; empty: the handler is supervised")


class LevelIn(LimitIn):
    level: Level
    reason: str


class ReviewIn(LimitIn):
    measure: int
    accept: bool
    note: str = ""


class LiftingIn(Schema):
    words: str
    ending: Ending = Ending.DONE


def _one(request: HuiyinRequest, pk: int) -> Supervision:
    visible = Supervision.objects.visible_to(request.user)
    found: Supervision = get_object_or_404(visible.with_all(), pk=pk)
    return found


@router.get("/supervisions", response=SupervisionPage, summary="Supervisions, earliest due first")
def list_supervisions(
    request: HuiyinRequest,
    view: str = "open",
    level: str = "",
    department: str = "",
    q: str = "",
    after: str = "",
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """`view`: open, due, late, filed (waiting for the officer), accepted, lifted."""
    wanted = {"view": view, "level": level, "q": q, "after": after}
    if department:
        wanted["department"] = str(get_object_or_404(Department, code=department).pk)
    rows, last = lists.page(request.user, lists.Asked.read(wanted), limit)
    return {"items": rows, "next_after": last}


@router.get(
    "/complaints/{number}/supervisions", response=list[SupervisionOut], summary="Supervisions"
)
def list_of_complaint(request: HuiyinRequest, number: str) -> list[Supervision]:
    found = seen(request, number).supervisions
    return list(found.with_all().order_by("-pk")[:100])  # type: ignore[attr-defined]


@router.post(
    "/complaints/{number}/supervisions", response={201: SupervisionOut}, summary="Supervise (督办)"
)
def begin(request: HuiyinRequest, number: str, data: SupervisionIn) -> Answer[Supervision]:
    complaint = seen(request, number)
    department = None
    if data.department:
        department = get_object_or_404(Department.objects.in_use(), code=data.department)
    begun = actions.begin(
        complaint,
        by=request.user,
        level=data.level,
        reason=data.reason,
        department=department,
        **data.limit,
    )
    return Answer(201, begun)


@router.get("/supervisions/{supervision}", response=SupervisionOut, summary="One supervision")
def get_supervision(request: HuiyinRequest, supervision: int) -> Supervision:
    return _one(request, supervision)


@router.put(
    "/supervisions/{supervision}/level", response=SupervisionOut, summary="Raise (提升等级)"
)
def raise_level(request: HuiyinRequest, supervision: int, data: LevelIn) -> Supervision:
    found = _one(request, supervision)
    actions.raise_level(found, by=request.user, level=data.level, reason=data.reason, **data.limit)
    return found


@router.get("/supervisions/{supervision}/measures", response=list[MeasureOut], summary="Measures")
def list_measures(request: HuiyinRequest, supervision: int) -> list[Measure]:
    found = _one(request, supervision).measures.select_related("by").prefetch_related("files")
    return list(found[:100])


@router.post(
    "/supervisions/{supervision}/measures",
    response={201: MeasureOut},
    summary="File measures (报送措施)",
)
def file_measures(
    request: HuiyinRequest,
    supervision: int,
    text: str = Form(""),  # type: ignore[type-arg]
    files: list[UploadedFile] = File([]),  # type: ignore[type-arg]  # noqa: B008
) -> Answer[Measure]:
    """As a form with files; the supervised only."""
    found = _one(request, supervision)
    return Answer(201, actions.file_measures(found, by=request.user, text=text, files=files))


@router.post(
    "/supervisions/{supervision}/review", response=MeasureOut, summary="Accept or send back"
)
def review(request: HuiyinRequest, supervision: int, data: ReviewIn) -> Measure:
    found = _one(request, supervision)
    measure: Measure = get_object_or_404(found.measures, pk=data.measure)
    measure.supervision = found
    limit = {} if data.accept else data.limit
    actions.review(measure, by=request.user, accept=data.accept, note=data.note, **limit)
    return measure


@router.post(
    "/supervisions/{supervision}/lifting", response=SupervisionOut, summary="Lift (解除督办)"
)
def lift(request: HuiyinRequest, supervision: int, data: LiftingIn) -> Supervision:
    """The supervision officer alone, not even a manager."""
    found = _one(request, supervision)
    actions.lift(found, by=request.user, words=data.words, ending=data.ending)
    return found
