"""The dossier for programs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.surface.dossier import actions
from huiyin.surface.dossier.follow_up import steps
from huiyin.surface.dossier.models import Printing
from huiyin.surface.dossier.views import as_file
from huiyin.surface.dossier.words import Paper, State

router = Router(tags=["dossier"])


class MilestoneOut(Schema):
    key: str = Field(
        description="acknowledged, assessed, investigated, resolved, informed, corrected, "
        "verified, closed"
    )
    at: datetime | None
    by: str


class PrintingIn(Schema):
    paper: Paper = Paper.CASE
    reveal: bool = Field(False, description="the customer's data unmasked; needs a reason")
    reason: str = ""


class PrintingOut(Schema):
    id: UUID
    paper: str
    state: str
    percent: int
    pages: int
    sha256: str
    revealed: bool
    at: datetime

    @staticmethod
    def resolve_id(one: Printing) -> UUID:
        return one.uuid


@router.get(
    "/complaints/{number}/milestones",
    response=list[MilestoneOut],
    summary="The eight milestones of the follow-up form",
)
def list_milestones(request: HuiyinRequest, number: str) -> list[dict[str, object]]:
    return [{"key": one.key, "at": one.at, "by": one.by} for one in steps(seen(request, number))]


@router.post("/complaints/{number}/dossier", summary="Case file or follow-up form as PDF, masked")
def draw_dossier(request: HuiyinRequest, number: str, paper: Paper = Paper.CASE) -> HttpResponse:
    """`paper`: case, follow_up, or text (the case file as plain text). It is put on record, so it
    is no GET. Of a long story 202 with the printing's id: ask for it at /printings/{id}."""
    one = actions.ask(seen(request, number), by=request.user, kind=paper)
    if actions.is_long(one):
        actions.hand_over(one)
        return HttpResponse(f'{{"id":"{one.uuid}"}}', "application/json", status=202)
    return as_file(one, actions.draw_now(one))


@router.post("/complaints/{number}/printings", response={202: PrintingOut}, summary="Have it drawn")
def print_later(request: HuiyinRequest, number: str, data: PrintingIn) -> Answer[Printing]:
    """By the worker, however long it is; `reveal` with a reason, which the log keeps."""
    one = actions.ask(
        seen(request, number),
        by=request.user,
        kind=data.paper,
        reveal=data.reveal,
        reason=data.reason,
    )
    actions.hand_over(one)
    return Answer(202, one)


def _own(request: HuiyinRequest, uuid: UUID) -> Printing:
    mine = Printing.objects.visible_to(request.user).select_related("complaint")
    found: Printing = get_object_or_404(mine, uuid=uuid)
    return found


@router.get("/printings/{printing}", response=PrintingOut, summary="How far it is")
def get_printing(request: HuiyinRequest, printing: UUID) -> Printing:
    return _own(request, printing)


@router.get("/printings/{printing}/file", summary="The PDF or text")
def get_file(request: HuiyinRequest, printing: UUID) -> HttpResponseBase:
    one = _own(request, printing)
    path = actions.file_of(one)
    if one.state != State.READY or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type=one.media_type)
