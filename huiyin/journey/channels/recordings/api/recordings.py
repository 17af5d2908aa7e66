"""Recordings for programs: what was measured, what was said, what was quoted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.recordings import actions, lists, shown
from huiyin.journey.channels.recordings.actions.queueing import is_sound
from huiyin.journey.channels.recordings.models import Job, Quote, Recording, Transcript
from huiyin.journey.channels.recordings.permissions import can_listen, can_see_listeners
from huiyin.journey.channels.recordings.words import HEARD
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import opened
from huiyin.journey.conversation.models import Custody, Evidence
from huiyin.journey.conversation.permissions import can_open_evidence

router = Router(tags=["recordings"])


class RecordingOut(Schema):
    """Of a sensitive one that the caller may not open only that it is there."""

    uuid: UUID = Field(description="of its evidence")
    name: str
    complaint: str
    state: str
    fault: str = Field(description="why it could not be analysed, in a sentence")
    progress: int = Field(description="per cent of the analysis")
    seconds: float | None
    channels: int | None
    rate: int | None = Field(description="samples a second")
    interruptions: int
    hold_seconds: float
    analysed_at: datetime | None
    at: datetime
    may_open: bool


class CopyOut(Schema):
    """Made by the worker where browsers do not play the original; GET /recordings/{uuid}/sound/."""

    sha256: str
    size: int
    media_type: str
    derived_from: str = Field(description="SHA-256 of the original that was read")
    format: str = Field(description="of the original: container and codec")
    made_by: str
    at: datetime


class RecordingWhole(RecordingOut):
    sha256: str = Field(description="of the original's bytes that were listened to")
    played_copy: CopyOut | None
    format: str
    doubts: list[str]
    swapped: bool = Field(description="left is the agent")
    figures: dict[str, Any] = Field(
        description="dBFS, Hz, syllables a second, seconds; lists: left, right"
    )
    places: dict[str, Any] = Field(description="[begin, end, …] in seconds, by figure")
    holds_told: list[list[float]] = Field(description="by the telephone system")


class RecordingPage(Schema):
    items: list[RecordingOut]
    before: int | None = Field(description="go on with this")


class RecordingsIn(Schema):
    q: str = ""
    state: str = ""
    length: Literal["", "short", "middle", "long"] = ""
    mark: Literal["", "interrupted", "held", "written", "unwritten", "writing", "unwritable"] = ""
    before: int | None = None


class QuoteIn(Schema):
    begin: float = Field(description="seconds")
    end: float
    words: str = Field("", max_length=300)
    into: Literal["", "note", "finding"] = Field(
        "", description="note: writes an internal note; finding: offered to the finding"
    )


class QuoteOut(Schema):
    id: int
    begin: float
    end: float
    place: str
    words: str
    for_finding: bool
    by: str
    at: datetime

    @staticmethod
    def resolve_by(one: Quote) -> str:
        return one.by.username


class Line(Schema):
    begin: float
    end: float
    speaker: str = Field("other", description="customer, agent, other")
    text: str


class TranscriptIn(Schema):
    token: str = Field(max_length=60, description="of the version that was read; 0 for none")
    lines: list[dict[str, Any]] = Field(max_length=5000)


class TranscriptOut(Schema):
    version: int
    token: str
    written_by: str
    by: str
    at: datetime
    lines: list[Line]


class HoldsIn(Schema):
    spans: list[tuple[float, float]] = Field(max_length=200)


class JobOut(Schema):
    state: str
    progress: int
    error: str
    at: datetime


class JobIn(Schema):
    act: Literal["ask", "again", "cancel"] = "ask"


class ListenerOut(Schema):
    by: str
    at: datetime
    copy_name: str = Field(description="of a copy that was taken")


class MadeOut(Schema):
    uuid: UUID
    name: str


def _one(request: HuiyinRequest, uuid: UUID) -> Recording:
    visible = Complaint.objects.visible_to(request.user)
    found = Evidence.objects.select_related("complaint", "by").filter(complaint__in=visible)
    evidence = get_object_or_404(found, uuid=uuid)
    if not is_sound(evidence):
        raise Http404
    recording = actions.recording_of(evidence)
    recording.evidence, recording.complaint = evidence, evidence.complaint
    can_listen.require(request.user, recording)
    return recording


def _told(recording: Recording, may_open: bool) -> dict[str, Any]:
    evidence = recording.evidence
    told = {name: getattr(recording, name) for name in ("state", "progress", "analysed_at", "at")}
    told |= {
        "uuid": evidence.uuid,
        "complaint": recording.complaint.number,
        "may_open": may_open,
        "name": evidence.name if may_open else _("敏感证据"),
        "fault": shown.fault(recording) if may_open and recording.fault else "",
    }
    figures = ("seconds", "channels", "rate", "interruptions", "hold_seconds")
    nothing: dict[str, Any] = {"interruptions": 0, "hold_seconds": 0.0}
    return told | {
        name: getattr(recording, name) if may_open else nothing.get(name) for name in figures
    }


def _whole(recording: Recording) -> dict[str, Any]:
    names = ("sha256", "format", "swapped", "figures", "places", "holds_told")
    more = {name: getattr(recording, name) for name in names}
    more |= {"doubts": shown.doubts(recording), "played_copy": recording.played}
    return _told(recording, True) | more


def _written(request: HuiyinRequest, row: Transcript | None) -> dict[str, Any]:
    if row is None:
        raise Http404
    return {
        "version": row.version,
        "token": actions.token_of(row),
        "written_by": row.written_by,
        "by": row.by.username,
        "at": row.at,
        "lines": actions.shown_lines(row, request.user),
    }


@router.get("/recordings", response=RecordingPage, summary="Recordings")
def list_recordings(request: HuiyinRequest, wanted: Query[RecordingsIn]) -> dict[str, Any]:
    """Of complaints that the caller sees, the newest first."""
    typed = {name: str(value) for name, value in wanted.dict().items() if value is not None}
    rows, before = lists.page(lists.read(typed), request.user)
    items = [_told(one, can_open_evidence(request.user, one.evidence)) for one in rows]
    return {"items": items, "before": before}


@router.get("/recordings/{uuid}", response=RecordingWhole, summary="A recording")
def read_recording(request: HuiyinRequest, uuid: UUID) -> dict[str, Any]:
    """Figures and the places they were counted from. Its bytes: the evidence, with Range."""
    recording = _one(request, uuid)
    opened(recording.evidence, by=request.user)
    return _whole(recording)


@router.post("/recordings/{uuid}/analysis", response=RecordingWhole, summary="Analyse again")
def analyse_again(request: HuiyinRequest, uuid: UUID) -> dict[str, Any]:
    actions.again(_one(request, uuid), by=request.user)
    return _whole(_one(request, uuid))


@router.post("/recordings/{uuid}/swap", response=RecordingWhole, summary="Swap left and right")
def swap_sides(request: HuiyinRequest, uuid: UUID) -> dict[str, Any]:
    actions.swap(_one(request, uuid), by=request.user)
    return _whole(_one(request, uuid))


@router.put("/recordings/{uuid}/holds", response=RecordingWhole, summary="Holds by the telephone")
def put_holds(request: HuiyinRequest, uuid: UUID, data: HoldsIn) -> dict[str, Any]:
    """In seconds of the recording; what was told before is replaced."""
    actions.tell_holds(_one(request, uuid), by=request.user, spans=data.spans)
    return _whole(_one(request, uuid))


@router.get("/recordings/{uuid}/quotes", response=list[QuoteOut], summary="Quotes")
def list_quotes(request: HuiyinRequest, uuid: UUID) -> list[Quote]:
    return list(_one(request, uuid).quotes.select_related("by"))


@router.post("/recordings/{uuid}/quotes", response={201: QuoteOut}, summary="Quote (引用为证据)")
def make_quote(request: HuiyinRequest, uuid: UUID, data: QuoteIn) -> Status[Quote]:
    made = actions.quote(_one(request, uuid), by=request.user, **data.dict())
    return Status(201, made)


@router.get("/recordings/{uuid}/transcript", response=TranscriptOut, summary="Transcript")
def read_transcript(request: HuiyinRequest, uuid: UUID) -> dict[str, Any]:
    """The version that counts; personal data masked for who takes no part in the complaint."""
    recording = _one(request, uuid)
    row = actions.current(recording)
    if row is not None:
        row.recording = recording
    return _written(request, row)


@router.put("/recordings/{uuid}/transcript", response=TranscriptOut, summary="Write a transcript")
def write_transcript(request: HuiyinRequest, uuid: UUID, data: TranscriptIn) -> dict[str, Any]:
    """All lines: begin and end in seconds, speaker, text. 409 when somebody wrote since."""
    recording = _one(request, uuid)
    kept = actions.write(recording, by=request.user, lines=data.lines, token=data.token)
    return _written(request, kept)


@router.get("/recordings/{uuid}/transcripts", response=list[TranscriptOut], summary="All versions")
def list_transcripts(request: HuiyinRequest, uuid: UUID) -> list[dict[str, Any]]:
    recording = _one(request, uuid)
    rows = list(recording.transcripts.select_related("by")[:50])
    for row in rows:
        row.recording = recording
    return [_written(request, row) for row in rows]


@router.post(
    "/recordings/{uuid}/transcripts/{version}/restore",
    response=TranscriptOut,
    summary="Go on from an earlier version",
)
def restore_transcript(request: HuiyinRequest, uuid: UUID, version: int) -> dict[str, Any]:
    from huiyin.journey.channels.recordings.actions.writing import restore

    recording = _one(request, uuid)
    row = get_object_or_404(recording.transcripts, version=version)
    return _written(request, restore(recording, row, by=request.user))


@router.post(
    "/recordings/{uuid}/transcript/export", response={201: MadeOut}, summary="Keep it as evidence"
)
def export_transcript(request: HuiyinRequest, uuid: UUID) -> Status[Evidence]:
    return Status(201, actions.export(_one(request, uuid), by=request.user))


@router.post("/recordings/{uuid}/transcription", response=JobOut, summary="Have it transcribed")
def transcription(request: HuiyinRequest, uuid: UUID, data: JobIn) -> Job:
    """By the service that is set up (409 without one); `again` goes on after a failure."""
    recording = _one(request, uuid)
    if data.act == "cancel":
        actions.cancel(recording, by=request.user)
        return recording.jobs.latest("pk")
    if data.act == "again":
        return actions.job_again(recording, by=request.user)
    return actions.ask(recording, by=request.user)


@router.get("/recordings/{uuid}/listeners", response=list[ListenerOut], summary="Who listened")
def list_listeners(request: HuiyinRequest, uuid: UUID) -> list[dict[str, Any]]:
    recording = _one(request, uuid)
    can_see_listeners.require(request.user, recording)
    rows = recording.evidence.custody.filter(act__in=HEARD).select_related("by")
    return [_heard(row) for row in rows[:200]]


def _heard(row: Custody) -> dict[str, Any]:
    return {"by": row.by.username, "at": row.at, "copy_name": row.facts.get("copy", "")}
