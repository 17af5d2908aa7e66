"""Quoting, the transcript, the way to a transcriber."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.channels.recordings import actions
from huiyin.journey.channels.recordings.actions.writing import restore as restored
from huiyin.journey.channels.recordings.forms import number, typed_lines
from huiyin.journey.channels.recordings.views.showing import _anew, seen_recording

MOST_VERSIONS = 100


@login_required
@require_POST
def quote(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """引用为证据."""
    recording = seen_recording(request, uuid)
    asked = request.POST
    made = actions.quote(
        recording,
        by=request.user,
        begin=number(asked.get("begin", "")),
        end=number(asked.get("end", "")),
        words=asked.get("words", ""),
        into=asked.get("into", ""),
    )
    said = {
        "note": _("已写进内部备注：%(place)s"),
        "finding": _("已放进核实结论的证据栏：%(place)s"),
    }.get(asked.get("into", ""), _("已引用为证据：%(place)s"))
    return changed(said % {"place": made.place})


@login_required
@require_POST
def transcript(request: HuiyinRequest, uuid: UUID) -> JsonResponse:
    """All lines as JSON, kept at once; the answer has the token to go on with."""
    recording = seen_recording(request, uuid)
    token, lines = typed_lines(request.body)
    kept = actions.write(recording, by=request.user, lines=lines, token=token)
    return JsonResponse({"token": actions.token_of(kept), "version": kept.version})


@login_required
@require_GET
def versions(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    recording = seen_recording(request, uuid)
    rows = recording.transcripts.select_related("by")[:MOST_VERSIONS]
    last = actions.current(recording)
    context = {"rows": rows, "recording": recording, "evidence": recording.evidence, "last": last}
    return render(request, "recordings/versions.html", context)


@login_required
@require_GET
def version(request: HuiyinRequest, uuid: UUID, version: int) -> HttpResponse:
    """One version as it was."""
    recording = seen_recording(request, uuid)
    row = get_object_or_404(recording.transcripts.select_related("by"), version=version)
    row.recording = recording
    context = {"row": row, "lines": actions.shown_lines(row, request.user)}
    return render(request, "recordings/version.html", context)


@login_required
@require_POST
def restore(request: HuiyinRequest, uuid: UUID, version: int) -> HttpResponse:
    """An earlier version, or the machine's, becomes the last one of this person."""
    recording = seen_recording(request, uuid)
    row = get_object_or_404(recording.transcripts, version=version)
    restored(recording, row, by=request.user)
    return _anew(_("已用第 %(version)s 版作为底稿") % {"version": version})


@login_required
@require_POST
def export(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    made = actions.export(seen_recording(request, uuid), by=request.user)
    return changed(_("已存为证据：%(name)s") % {"name": made.name})


@login_required
@require_POST
def transcription(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """Ask the service, go on after a failure, or call it off."""
    recording = seen_recording(request, uuid)
    act = request.POST.get("act", "")
    if act == "cancel":
        actions.cancel(recording, by=request.user)
        return _anew(_("已取消转写"))
    if act == "again":
        actions.job_again(recording, by=request.user)
    elif act == "ask":
        actions.ask(recording, by=request.user)
    else:
        raise Invalid(_("请从列表里选择"))
    return _anew(_("已送去转写，完成后会出现在文字稿里"))
