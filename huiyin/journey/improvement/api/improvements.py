"""Improvements for programs: the list, one with its steps and reports, its effect."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.improvement import actions, lists
from huiyin.journey.improvement.api.shapes import (
    ChangeIn,
    CheckOut,
    CountedOut,
    DraftOut,
    FiguresOut,
    ImprovementOut,
    ImprovementPage,
    JudgementIn,
    KindOut,
    LineOut,
    PlanIn,
    ReportOut,
    SourcesIn,
    StepIn,
    StepOut,
    TickIn,
    VerificationIn,
    WordsIn,
)
from huiyin.journey.improvement.models import Check, Improvement, Kind, Line, PlanStep, Report
from huiyin.journey.improvement.permissions import can_open
from huiyin.journey.improvement.shown import effect_rows

router = Router(tags=["improvement"])


def improvement_seen(request: HuiyinRequest, pk: int) -> Improvement:
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
    mine: bool = False,
    after: str = "",
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """`view`: open, proposed, working, late, done, watching, judging, ended; due, kept, checked,
    helped are the rows of the figures. `mine`: owned by you or your department."""
    wanted = {"view": view, "trigger": trigger, "q": q, "after": after}
    if mine:
        wanted["mine"] = "1"
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


@router.get(
    "/complaints/{number}/improvements/draft",
    response=DraftOut,
    summary="An improvement as the finding tells it",
)
def get_draft(request: HuiyinRequest, number: str) -> actions.Draft:
    complaint = seen(request, number)
    can_open.require(request.user, complaint)
    return actions.drafted(complaint)


@router.get("/improvements/{improvement}", response=ImprovementOut, summary="One improvement")
def get_improvement(request: HuiyinRequest, improvement: int) -> Improvement:
    return improvement_seen(request, improvement)


@router.get(
    "/improvements/{improvement}/sources", response=list[str], summary="Sources that you see"
)
def list_sources(request: HuiyinRequest, improvement: int) -> list[str]:
    keys = improvement_seen(request, improvement).sources.values("complaint")
    visible = Complaint.objects.visible_to(request.user).filter(pk__in=keys)
    return list(visible.order_by("pk").values_list("number", flat=True))


@router.post("/improvements/{improvement}/sources", response=list[str], summary="Add sources")
def add_sources(request: HuiyinRequest, improvement: int, data: SourcesIn) -> list[str]:
    it = improvement_seen(request, improvement)
    visible = Complaint.objects.visible_to(request.user).filter(number__in=data.numbers[:100])
    actions.add_sources(it, visible, by=request.user)
    return list_sources(request, improvement)


@router.post(
    "/improvements/{improvement}/confirmation",
    response=ImprovementOut,
    summary="Confirm a proposal",
)
def confirm(request: HuiyinRequest, improvement: int, data: PlanIn) -> Improvement:
    it = improvement_seen(request, improvement)
    actions.confirm(it, by=request.user, plan=data.plan)
    return it


@router.post(
    "/improvements/{improvement}/dismissal", response=ImprovementOut, summary="Do nothing (不整改)"
)
def dismiss(request: HuiyinRequest, improvement: int, data: WordsIn) -> Improvement:
    it = improvement_seen(request, improvement)
    actions.dismiss(it, by=request.user, words=data.words)
    return it


@router.put(
    "/improvements/{improvement}/owner", response=ImprovementOut, summary="Change owner or limit"
)
def change(request: HuiyinRequest, improvement: int, data: ChangeIn) -> Improvement:
    it = improvement_seen(request, improvement)
    actions.change(it, by=request.user, reason=data.reason, **data.owner)
    return it


@router.get("/improvements/{improvement}/steps", response=list[StepOut], summary="Steps")
def list_steps(request: HuiyinRequest, improvement: int) -> list[PlanStep]:
    return list(improvement_seen(request, improvement).steps.select_related("done_by"))


@router.post("/improvements/{improvement}/steps", response={201: StepOut}, summary="Add a step")
def add_step(request: HuiyinRequest, improvement: int, data: StepIn) -> Answer[PlanStep]:
    it = improvement_seen(request, improvement)
    return Answer(201, actions.add_step(it, by=request.user, text=data.text))


@router.put("/improvements/{improvement}/steps/{step}", response=StepOut, summary="Tick a step")
def tick(request: HuiyinRequest, improvement: int, step: int, data: TickIn) -> PlanStep:
    it = improvement_seen(request, improvement)
    found: PlanStep = get_object_or_404(it.steps, pk=step)
    found.improvement = it
    actions.tick(found, by=request.user, done=data.done)
    found.refresh_from_db()
    return found


@router.get("/improvements/{improvement}/reports", response=list[ReportOut], summary="Reports")
def list_reports(request: HuiyinRequest, improvement: int) -> list[Report]:
    found = improvement_seen(request, improvement).reports.select_related("by", "verified_by")
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
    it = improvement_seen(request, improvement)
    return Answer(201, actions.report(it, by=request.user, text=text, files=files))


@router.post(
    "/improvements/{improvement}/verification", response=ReportOut, summary="Verify (核验)"
)
def verify(request: HuiyinRequest, improvement: int, data: VerificationIn) -> Report:
    """By another person than who owns or did it."""
    it = improvement_seen(request, improvement)
    found: Report = get_object_or_404(it.reports, pk=data.report)
    found.improvement = it
    limit: dict[str, Any] = {} if data.passed else {"amount": data.amount, "unit": data.unit or ""}
    actions.verify(found, by=request.user, passed=data.passed, note=data.note, **limit)
    return found


@router.get("/improvements/{improvement}/effect", response=CheckOut, summary="Before and after")
def get_effect(request: HuiyinRequest, improvement: int) -> Check:
    it = improvement_seen(request, improvement)
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
    it = improvement_seen(request, improvement)
    part = part if part in ("before", "after") else "after"
    rows, counted, more = effect_rows(it, request.user, part, after, 100)
    return {"counted": counted, "items": [one.number for one in rows], "next_after": more}


@router.post(
    "/improvements/{improvement}/judgement", response=ImprovementOut, summary="Judge the effect"
)
def judge(request: HuiyinRequest, improvement: int, data: JudgementIn) -> Improvement:
    """Not effective opens a new improvement."""
    it = improvement_seen(request, improvement)
    actions.judge(it, by=request.user, effective=data.effective, words=data.words)
    return it


@router.get("/improvements/{improvement}/story", response=list[LineOut], summary="Its story")
def list_lines(request: HuiyinRequest, improvement: int) -> list[Line]:
    return list(improvement_seen(request, improvement).lines.select_related("by")[:500])
