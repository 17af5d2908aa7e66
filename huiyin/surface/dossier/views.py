"""The panel, the page to print, asking for a PDF, its progress, its bytes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.dossier import actions
from huiyin.surface.dossier.follow_up import form
from huiyin.surface.dossier.models import Printing
from huiyin.surface.dossier.words import Paper, State


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """What can be printed. Asks the database nothing."""
    return {"papers": Paper.choices}


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    related = Complaint.objects.visible_to(request.user).select_related("customer", "received_by")
    found: Complaint = get_object_or_404(related, number=number)
    return found


@login_required
@require_POST
def follow_up(request: HuiyinRequest, number: str) -> HttpResponse:
    """The follow-up form as a page for the printer: masked, and on record, so it is no GET."""
    complaint = _seen(request, number)
    printing = actions.note_page(complaint, by=request.user)
    mask, contact = actions.mask_of(complaint, revealed=False)
    context = {"complaint": complaint, "form": form(complaint, mask, contact), "print": printing}
    return render(request, "dossier/follow_up.html", context)


@login_required
@require_POST
def printing(request: HuiyinRequest, number: str) -> HttpResponse:
    """Ask for a PDF: at once, or a page that shows how far it is."""
    one = actions.ask(
        _seen(request, number),
        by=request.user,
        kind=request.POST.get("paper", ""),
        reveal=request.POST.get("reveal") == "1",
        reason=request.POST.get("reason", ""),
    )
    if actions.is_long(one):
        actions.hand_over(one)
        return redirect(reverse("dossier:progress", args=[one.uuid]))
    return as_file(one, actions.draw_now(one))


def as_file(one: Printing, data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type=one.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, one.file_name) or ""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _own(request: HuiyinRequest, uuid: UUID) -> Printing:
    mine = Printing.objects.visible_to(request.user).select_related("complaint")
    found: Printing = get_object_or_404(mine, uuid=uuid)
    return found


@login_required
@require_GET
def progress(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """How far it is, asked anew by itself until it is ready."""
    template = "dossier/inside.html" if request.htmx else "dossier/progress.html"
    return render(request, template, {"one": _own(request, uuid)})


@login_required
@require_GET
def file(request: HuiyinRequest, uuid: UUID) -> HttpResponseBase:
    """The bytes, to whoever asked for them and still sees the complaint."""
    one = _own(request, uuid)
    path = actions.file_of(one)
    if one.state != State.READY or not path.exists():
        raise Http404
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=one.file_name,
        content_type=one.media_type,
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
