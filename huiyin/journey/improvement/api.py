"""Improvement for programs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.people.models import Department, Team, User
from huiyin.ground.refusal import NotPermitted
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement import actions, lists
from huiyin.journey.improvement.models import (
    Bulletin,
    Check,
    Improvement,
    Kind,
    Line,
    PlanStep,
    Reading,
    Report,
)
from huiyin.journey.improvement.permissions import can_see_readers
from huiyin.journey.improvement.shown import effect_rows

router = Router(tags=["improvement"])


class KindOut(Schema):
    code: str
    name_zh: str
    name_en: str
    department_code: str
    amount: Decimal
    unit: str
    effect_days: int
    target_percent: int


class ImprovementOut(Schema):
    id: int
    number: str
    title: str
    text: str
    kind: str = Field(description="code of the kind")
    trigger: str
    stage: str
    department: str | None
    person: str | None
    amount: Decimal
    unit: str
    category: str
    object_field: str
    object_value: str
    by: str
    at: datetime
    opened_at: datetime | None
    due_at: datetime | None
    first_due_at: datetime | None
    late: bool
    done_at: datetime | None
    verified_at: datetime | None
    effect_due_at: datetime | None
    ended_at: datetime | None
    words: str
    again_of: int | None

    @staticmethod
    def resolve_kind(one: Improvement) -> str:
        return one.kind.code

    @staticmethod
    def resolve_department(one: Improvement) -> str | None:
        return one.department.code if one.department else None

    @staticmethod
    def resolve_person(one: Improvement) -> str | None:
        return one.person.username if one.person else None

    @staticmethod
    def resolve_by(one: Improvement) -> str:
        return one.by.username

    @staticmethod
    def resolve_again_of(one: Improvement) -> int | None:
        return one.again_of_id


class ImprovementPage(Schema):
    items: list[ImprovementOut]
    next_after: int | None = Field(description="give it as ?after= for the next page")


class FiguresOut(Schema):
    days: int
    due: int
    kept: int
    kept_percent: int | None
    checked: int
    helped: int
    helped_percent: int | None


class StepOut(Schema):
    id: int
    text: str
    done_at: datetime | None
    done_by: str | None

    @staticmethod
    def resolve_done_by(one: PlanStep) -> str | None:
        return one.done_by.username if one.done_by else None


class ReportOut(Schema):
    id: int
    text: str
    files: list[str]
    late: bool
    by: str
    at: datetime
    verdict: str
    note: str
    verified_by: str | None
    verified_at: datetime | None

    @staticmethod
    def resolve_files(one: Report) -> list[str]:
        return [str(file.uuid) for file in one.files.all()]

    @staticmethod
    def resolve_by(one: Report) -> str:
        return one.by.username

    @staticmethod
    def resolve_verified_by(one: Report) -> str | None:
        return one.verified_by.username if one.verified_by else None


class LineOut(Schema):
    act: str
    text: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(one: Line) -> str:
        return one.by.username


class CheckOut(Schema):
    before: int
    before_of: int
    before_rate: float = Field(description="of a thousand complaints")
    after: int
    after_of: int
    after_rate: float
    before_from: datetime
    before_to: datetime
    after_from: datetime
    after_to: datetime
    suggests: bool = Field(description="the numbers say that it helped")


class OwnerIn(Schema):
    department: str = Field("", description="code of the department")
    person: str = Field("", description="login of the owner")
    amount: Decimal | None = Field(None, description="empty: what the kind gives")
    unit: Unit | None = None

    @property
    def owner(self) -> dict[str, Any]:
        department = person = None
        if self.department:
            department = get_object_or_404(Department.objects.in_use(), code=self.department)
        if self.person:
            person = get_object_or_404(User.objects.active(), username=self.person)
        return {
            "department": department,
            "person": person,
            "amount": self.amount,
            "unit": self.unit or "",
        }


class PlanIn(OwnerIn):
    kind: str
    title: str
    text: str = ""
    object_field: str = Field("", description="key of the custom field the effect is measured by")
    object_value: str = ""

    @property
    def plan(self) -> actions.Plan:
        return actions.Plan(
            kind=self.kind,
            title=self.title,
            text=self.text,
            object_field=self.object_field,
            object_value=self.object_value,
            **self.owner,
        )


class ChangeIn(OwnerIn):
    reason: str


class WordsIn(Schema):
    words: str


class SourcesIn(Schema):
    numbers: list[str]


class StepIn(Schema):
    text: str


class TickIn(Schema):
    done: bool


class VerificationIn(Schema):
    report: int
    passed: bool
    note: str = ""
    amount: Decimal | None = None
    unit: Unit | None = None


class JudgementIn(Schema):
    effective: bool
    words: str = ""


class CountedOut(Schema):
    counted: int
    items: list[str] = Field(description="numbers of those that you see")
    next_after: int | None


class BulletinOut(Schema):
    id: int
    title: str
    text: str
    by: str
    at: datetime
    due_at: datetime
    to_all: bool
    withdrawn_at: datetime | None
    improvement: int | None

    @staticmethod
    def resolve_by(one: Bulletin) -> str:
        return one.by.username

    @staticmethod
    def resolve_improvement(one: Bulletin) -> int | None:
        return one.improvement_id


class BulletinIn(Schema):
    title: str
    text: str
    due_at: datetime
    to_all: bool = False
    teams: list[str] = []
    departments: list[str] = []
    improvement: int | None = None


class ReadingOut(Schema):
    user: str
    read_at: datetime | None

    @staticmethod
    def resolve_user(one: Reading) -> str:
        return one.user.username


def _one(request: HuiyinRequest, pk: int) -> Improvement:
    visible = Improvement.objects.visible_to(request.user)
    found: Improvement = get_object_or_404(visible.with_all(), pk=pk)
    return found


@router.get("/improvement-kinds", response=list[KindOut], summary="Kinds of improvement")
def list_kinds(request: HuiyinRequest) -> list[Kind]:
    return list(Kind.objects.in_use())


@router.get("/improvements", response=ImprovementPage, summary="Improvements")
def list_improvements(
    request: HuiyinRequest,
    view: str = "open",
    kind: str = "",
    trigger: str = "",
    department: str = "",
    q: str = "",
    after: str = "",
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """`view`: open, proposed, working, late, done, watching, judging, ended; due, kept, checked,
    helped are the rows of the figures."""
    wanted = {"view": view, "trigger": trigger, "q": q, "after": after}
    if kind:
        wanted["kind"] = str(get_object_or_404(Kind, code=kind).pk)
    if department:
        wanted["department"] = str(get_object_or_404(Department, code=department).pk)
    asked = lists.Asked.read(wanted)
    rows, last = lists.page(request.user, asked, moment.now(), limit)
    return {"items": rows, "next_after": last}


@router.get("/improvements/figures", response=FiguresOut, summary="K28 and what helped")
def get_figures(
    request: HuiyinRequest,
    days: int = Query(90, ge=1, le=366),  # type: ignore[type-arg]
) -> dict[str, Any]:
    found = actions.figures(request.user, moment.now(), days)
    names = ("due", "kept", "kept_percent", "checked", "helped", "helped_percent")
    return {"days": days, **{name: getattr(found, name) for name in names}}


@router.get(
    "/complaints/{number}/improvements", response=list[ImprovementOut], summary="Improvements"
)
def list_of_complaint(request: HuiyinRequest, number: str) -> list[Improvement]:
    complaint = seen(request, number)
    visible = Improvement.objects.visible_to(request.user).filter(sources__complaint=complaint)
    return list(visible.with_all().order_by("-pk")[:100])


@router.post(
    "/complaints/{number}/improvements",
    response={201: ImprovementOut},
    summary="Open an improvement (发起整改)",
)
def begin(request: HuiyinRequest, number: str, data: PlanIn) -> Answer[Improvement]:
    begun = actions.begin([seen(request, number)], by=request.user, plan=data.plan)
    return Answer(201, begun)


@router.get("/improvements/{improvement}", response=ImprovementOut, summary="One improvement")
def get_improvement(request: HuiyinRequest, improvement: int) -> Improvement:
    return _one(request, improvement)


@router.get(
    "/improvements/{improvement}/sources", response=list[str], summary="Sources that you see"
)
def list_sources(request: HuiyinRequest, improvement: int) -> list[str]:
    keys = _one(request, improvement).sources.values("complaint")
    visible = Complaint.objects.visible_to(request.user).filter(pk__in=keys)
    return list(visible.order_by("pk").values_list("number", flat=True))


@router.post("/improvements/{improvement}/sources", response=list[str], summary="Add sources")
def add_sources(request: HuiyinRequest, improvement: int, data: SourcesIn) -> list[str]:
    it = _one(request, improvement)
    visible = Complaint.objects.visible_to(request.user).filter(number__in=data.numbers[:100])
    actions.add_sources(it, visible, by=request.user)
    return list_sources(request, improvement)


@router.post(
    "/improvements/{improvement}/confirmation",
    response=ImprovementOut,
    summary="Confirm a proposal",
)
def confirm(request: HuiyinRequest, improvement: int, data: PlanIn) -> Improvement:
    it = _one(request, improvement)
    actions.confirm(it, by=request.user, plan=data.plan)
    return it


@router.post(
    "/improvements/{improvement}/dismissal", response=ImprovementOut, summary="Do nothing (不整改)"
)
def dismiss(request: HuiyinRequest, improvement: int, data: WordsIn) -> Improvement:
    it = _one(request, improvement)
    actions.dismiss(it, by=request.user, words=data.words)
    return it


@router.put(
    "/improvements/{improvement}/owner", response=ImprovementOut, summary="Change owner or limit"
)
def change(request: HuiyinRequest, improvement: int, data: ChangeIn) -> Improvement:
    it = _one(request, improvement)
    actions.change(it, by=request.user, reason=data.reason, **data.owner)
    return it


@router.get("/improvements/{improvement}/steps", response=list[StepOut], summary="Steps")
def list_steps(request: HuiyinRequest, improvement: int) -> list[PlanStep]:
    return list(_one(request, improvement).steps.select_related("done_by"))


@router.post("/improvements/{improvement}/steps", response={201: StepOut}, summary="Add a step")
def add_step(request: HuiyinRequest, improvement: int, data: StepIn) -> Answer[PlanStep]:
    it = _one(request, improvement)
    return Answer(201, actions.add_step(it, by=request.user, text=data.text))


@router.put("/improvements/{improvement}/steps/{step}", response=StepOut, summary="Tick a step")
def tick(request: HuiyinRequest, improvement: int, step: int, data: TickIn) -> PlanStep:
    it = _one(request, improvement)
    found: PlanStep = get_object_or_404(it.steps, pk=step)
    found.improvement = it
    actions.tick(found, by=request.user, done=data.done)
    found.refresh_from_db()
    return found


@router.get("/improvements/{improvement}/reports", response=list[ReportOut], summary="Reports")
def list_reports(request: HuiyinRequest, improvement: int) -> list[Report]:
    found = _one(request, improvement).reports.select_related("by", "verified_by")
    return list(found.prefetch_related("files")[:100])


@router.post(
    "/improvements/{improvement}/reports", response={201: ReportOut}, summary="Report (提交整改)"
)
def report(
    request: HuiyinRequest,
    improvement: int,
    text: str = Form(""),  # type: ignore[type-arg]
    files: list[UploadedFile] = File([]),  # type: ignore[type-arg]  # noqa: B008
) -> Answer[Report]:
    """As a form with files; the owner only."""
    it = _one(request, improvement)
    return Answer(201, actions.report(it, by=request.user, text=text, files=files))


@router.post(
    "/improvements/{improvement}/verification", response=ReportOut, summary="Verify (核验)"
)
def verify(request: HuiyinRequest, improvement: int, data: VerificationIn) -> Report:
    """By another person than who owns or did it."""
    it = _one(request, improvement)
    found: Report = get_object_or_404(it.reports, pk=data.report)
    found.improvement = it
    limit: dict[str, Any] = {} if data.passed else {"amount": data.amount, "unit": data.unit or ""}
    actions.verify(found, by=request.user, passed=data.passed, note=data.note, **limit)
    return found


@router.get("/improvements/{improvement}/effect", response=CheckOut, summary="Before and after")
def get_effect(request: HuiyinRequest, improvement: int) -> Check:
    it = _one(request, improvement)
    found: Check = get_object_or_404(Check, improvement=it)
    return found


@router.get(
    "/improvements/{improvement}/effect/{part}",
    response=CountedOut,
    summary="Complaints that were counted",
)
def list_effect(
    request: HuiyinRequest, improvement: int, part: str, after: int | None = None
) -> dict[str, Any]:
    """`part`: before or after."""
    it = _one(request, improvement)
    part = part if part in ("before", "after") else "after"
    rows, counted, more = effect_rows(it, request.user, part, after, 100)
    return {"counted": counted, "items": [one.number for one in rows], "next_after": more}


@router.post(
    "/improvements/{improvement}/judgement", response=ImprovementOut, summary="Judge the effect"
)
def judge(request: HuiyinRequest, improvement: int, data: JudgementIn) -> Improvement:
    """Not effective opens a new improvement."""
    it = _one(request, improvement)
    actions.judge(it, by=request.user, effective=data.effective, words=data.words)
    return it


@router.get("/improvements/{improvement}/story", response=list[LineOut], summary="Its story")
def list_lines(request: HuiyinRequest, improvement: int) -> list[Line]:
    return list(_one(request, improvement).lines.select_related("by")[:500])


def _bulletin(request: HuiyinRequest, pk: int) -> Bulletin:
    visible = Bulletin.objects.visible_to(request.user).select_related("by")
    found: Bulletin = get_object_or_404(visible, pk=pk)
    return found


@router.get("/bulletins", response=list[BulletinOut], summary="Bulletins latest first (通报)")
def list_bulletins(
    request: HuiyinRequest, unread: bool = False, after: int | None = None
) -> list[Bulletin]:
    found = Bulletin.objects.visible_to(request.user)
    if unread:
        found = Bulletin.objects.unread_by(request.user)
    if after:
        found = found.filter(pk__lt=after)
    return list(found.select_related("by").order_by("-pk")[:50])


@router.post("/bulletins", response={201: BulletinOut}, summary="Publish a bulletin")
def publish(request: HuiyinRequest, data: BulletinIn) -> Answer[Bulletin]:
    source = _one(request, data.improvement) if data.improvement else None
    made = actions.publish(
        by=request.user,
        title=data.title,
        text=data.text,
        due_at=data.due_at,
        to_all=data.to_all,
        teams=Team.objects.filter(code__in=data.teams),
        departments=Department.objects.in_use().filter(code__in=data.departments),
        improvement=source,
    )
    return Answer(201, made)


@router.get("/bulletins/{bulletin}", response=BulletinOut, summary="One bulletin")
def get_bulletin(request: HuiyinRequest, bulletin: int) -> Bulletin:
    return _bulletin(request, bulletin)


@router.get("/bulletins/{bulletin}/readers", response=list[ReadingOut], summary="Who has read it")
def list_readers(request: HuiyinRequest, bulletin: int) -> list[Reading]:
    found = _bulletin(request, bulletin)
    if not can_see_readers(request.user, found):
        raise NotPermitted(can_see_readers.sentence)
    return list(found.readings.select_related("user")[:1000])


@router.post("/bulletins/{bulletin}/reading", response=ReadingOut, summary="Confirm (已阅)")
def confirm_reading(request: HuiyinRequest, bulletin: int) -> Reading:
    return actions.confirm_reading(_bulletin(request, bulletin), by=request.user)


@router.post("/bulletins/{bulletin}/withdrawal", response=BulletinOut, summary="Withdraw")
def withdraw(request: HuiyinRequest, bulletin: int) -> Bulletin:
    found = _bulletin(request, bulletin)
    actions.withdraw(found, by=request.user)
    return found
