"""The list of recordings, and one of them: the player, its figures, who listened."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.channels.recordings import actions, lists, shown
from huiyin.journey.channels.recordings.actions.marking import address_of
from huiyin.journey.channels.recordings.actions.queueing import is_sound
from huiyin.journey.channels.recordings.models import Recording, Transcriber
from huiyin.journey.channels.recordings.permissions import (
    can_listen,
    can_see_listeners,
    can_write_down,
)
from huiyin.journey.channels.recordings.words import HEARD, RecordingState, Speaker
from huiyin.journey.conversation.actions import opened
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.views import seen_evidence
from huiyin.journey.conversation.views.serving import served

MOST_LISTENERS = 100


def seen_recording(request: HuiyinRequest, uuid: UUID) -> Recording:
    """The recording of this evidence, to whoever sees its complaint and may listen; 404, 403."""
    evidence = seen_evidence(request, uuid)
    if not is_sound(evidence):
        raise Http404
    recording = actions.recording_of(evidence)
    recording.evidence, recording.complaint = evidence, evidence.complaint
    can_listen.require(request.user, recording)
    return recording


@login_required
@require_GET
def listed(request: HuiyinRequest) -> HttpResponse:
    """The list; its rows alone when the page asks for more."""
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    kept = {"q": asked.q, "state": asked.state, "length": asked.length, "mark": asked.mark}
    context = {
        "rows": [(one, can_open_evidence(request.user, one.evidence)) for one in rows],
        "more": more,
        "asked": asked,
        "states": RecordingState.choices,
        "lengths": [
            ("short", _("1 分钟以内")),
            ("middle", _("1–10 分钟")),
            ("long", _("10 分钟以上")),
        ],
        "marks": [
            ("interrupted", _("有打断")),
            ("held", _("有等待")),
            ("written", _("有文字稿")),
            ("unwritten", _("没有文字稿")),
            ("writing", _("等待转写")),
            ("unwritable", _("转写失败")),
        ],
        "query": urlencode({name: value for name, value in kept.items() if value}),
    }
    alone = asked.before and request.htmx
    return render(request, f"recordings/{'rows' if alone else 'list'}.html", context)


@never_cache
@login_required
@require_GET
def one(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """The whole page of a recording; that it was opened is on record."""
    recording = seen_recording(request, uuid)
    opened(recording.evidence, by=request.user)
    may_write = can_write_down(request.user, recording)
    context = {
        **_player(request, recording),
        "complaint": recording.complaint,
        "curves": shown.curves(recording),
        "doubts": shown.doubts(recording),
        "may_write": may_write,
        "may_see_listeners": can_see_listeners(request.user, recording),
        "speakers": Speaker.choices,
        "transcriber": Transcriber.objects.in_use().first() if may_write else None,
        "job": recording.jobs.select_related("transcriber").first(),
        "quotes": _quotes(recording),
    }
    return render(request, "recordings/one.html", context)


def _player(request: HuiyinRequest, recording: Recording) -> dict[str, object]:
    now = timezone.localtime(moment.now())
    return {
        "recording": recording,
        "evidence": recording.evidence,
        "figures": shown.strip(recording),
        "source": shown.source(recording),
        "copy": recording.played,
        "fault": shown.fault(recording) if recording.state == RecordingState.FAILED else "",
        "reader": f"{request.user.shown_name} {request.user.username} {now:%Y-%m-%d %H:%M}",
    }


def _quotes(recording: Recording) -> list[tuple[object, str]]:
    found = recording.quotes.select_related("by")
    for each in found:
        each.recording = recording
    return [(each, address_of(each)) for each in found]


@never_cache
@login_required
@require_GET
def player(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """The small player, for the complaint page."""
    recording = seen_recording(request, uuid)
    opened(recording.evidence, by=request.user)
    context = _player(request, recording)
    told = shown.strip(recording)
    context["counted"] = " · ".join(f"{one.label} {one.value}" for one in told if one.places)
    return render(request, "recordings/small.html", context)


@never_cache
@login_required
@require_GET
def data(request: HuiyinRequest, uuid: UUID) -> JsonResponse:
    """What the picture is drawn from."""
    recording = seen_recording(request, uuid)
    answer = JsonResponse(shown.data(recording, request.user))
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@login_required
@require_GET
def state(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """How far the analysis is; when it has ended the page is drawn anew."""
    recording = seen_recording(request, uuid)
    job = recording.jobs.select_related("transcriber").first()
    waits = recording.state == RecordingState.QUEUED or (job is not None and job.state == "queued")
    if not waits:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context = {
        "recording": recording,
        "evidence": recording.evidence,
        "source": shown.source(recording),
        "job": job,
    }
    return render(request, "recordings/state.html", context)


@login_required
@require_GET
def quotes(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    recording = seen_recording(request, uuid)
    context = {"quotes": _quotes(recording), "recording": recording}
    return render(request, "recordings/quotes.html", context)


@login_required
@require_GET
def listeners(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """Who opened, played or took a copy of it, and when."""
    recording = seen_recording(request, uuid)
    can_see_listeners.require(request.user, recording)
    rows = recording.evidence.custody.filter(act__in=HEARD).select_related("by")
    context = {"rows": rows[:MOST_LISTENERS]}
    return render(request, "recordings/listeners.html", context)


@never_cache
@login_required
@require_GET
def sound(request: HuiyinRequest, uuid: UUID) -> HttpResponseBase:
    """The copy to play of what no browser plays; every look is on record, as of the original."""
    recording = seen_recording(request, uuid)
    made = recording.played
    if made is None:
        raise Http404
    opened(recording.evidence, by=request.user)
    return served(made, asked=request.headers)


@login_required
@require_POST
def copy(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """A copy that names whoever takes it, in its file name and, of a WAV, inside."""
    recording = seen_recording(request, uuid)
    evidence, now = recording.evidence, moment.now()
    name, note = actions.take_copy(recording, by=request.user, now=now)
    raw = (Path(settings.EVIDENCE_DIR) / evidence.path).read_bytes()
    answer = HttpResponse(actions.with_reader(raw, note), content_type=evidence.media_type)
    answer.headers["Content-Disposition"] = _attachment(name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"


@login_required
@require_POST
def again(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    actions.again(seen_recording(request, uuid), by=request.user)
    return _anew(_("已放回队列，马上重新分析"))


@login_required
@require_POST
def swap(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """Left and right are the other way round."""
    actions.swap(seen_recording(request, uuid), by=request.user)
    return _anew(_("已交换左右声道"))


def _anew(sentence: str) -> HttpResponse:
    answer = changed(sentence)
    answer["HX-Refresh"] = "true"
    return answer
