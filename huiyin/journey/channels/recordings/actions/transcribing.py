"""A recording goes to the house's transcriber part by part, and comes back as a version of its own.

Nothing is sent before somebody has set up a service (管理 › 转写服务). What came back is kept at
once: a part that was paid for is not sent a second time, whatever fails after it.
"""

from __future__ import annotations

import json
import logging
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sealing import unseal
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.recordings.actions.copying import sound_of
from huiyin.journey.channels.recordings.actions.writing import add_version
from huiyin.journey.channels.recordings.listening import Unheard, part
from huiyin.journey.channels.recordings.models import Job, Recording, Transcriber
from huiyin.journey.channels.recordings.permissions import can_write_down
from huiyin.journey.channels.recordings.rules.writing import (
    LONGEST_RECORDING,
    Unwritten,
    parts_of,
    segments_of,
)
from huiyin.journey.channels.recordings.words import JobState, RecordingState, WrittenBy

logger = logging.getLogger(__name__)

LARGEST_PART = 25 * 1024 * 1024  # bytes; more these services do not take
LARGEST_ANSWER = 8 * 1024 * 1024
WAIT_SECONDS = 300.0  # for ten minutes of sound
TRY_AGAIN_AFTER = (10, 60, 300, 900, 2700)  # seconds
TAKEN_FOR = timedelta(seconds=WAIT_SECONDS) + timedelta(minutes=2)
MOST_A_RUN = 200
AGAIN = frozenset({408, 409, 425, 429})


class Untold(Exception):  # noqa: N818 — an answer of the other side
    """No transcript this time; `final` when the next time would bring none either."""

    def __init__(self, sentence: str, *, final: bool = False, wait: int = 0) -> None:
        super().__init__(sentence)
        self.sentence, self.final, self.wait = sentence, final, wait


@transaction.atomic
def ask(recording: Recording, *, by: User) -> Job:
    """Have it written down by the service that is set up."""
    can_write_down.require(by, recording)
    Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    transcriber = Transcriber.objects.in_use().first()
    if transcriber is None:
        raise Refused(
            _("还没有设置转写服务；可以人工听写，或请系统管理员在“管理 › 转写服务”里设置")
        )
    if recording.jobs.filter(state=JobState.QUEUED).exists():
        raise Refused(_("这段录音正在转写，请稍后刷新"))
    return _begin(recording, transcriber, by)


def ask_by_itself(recording: Recording) -> None:
    """After the analysis, where the house wants that."""
    transcriber = Transcriber.objects.in_use().filter(automatic=True).first()
    if transcriber is not None and not recording.jobs.exists():
        _begin(recording, transcriber, User.objects.system())


def _begin(recording: Recording, transcriber: Transcriber, by: User) -> Job:
    now = moment.now()
    if recording.state == RecordingState.QUEUED:
        raise Refused(_("请等录音分析完再转写"))
    return Job.objects.create(
        recording=recording,
        transcriber=transcriber,
        parts=len(_parts(recording)),
        next_try_at=now,
        by=by,
        at=now,
    )


def _parts(recording: Recording) -> list[tuple[float, float, int | None]]:
    """What we cannot decode goes as it is, in one part."""
    if recording.seconds is None:
        if recording.evidence.size > LARGEST_PART:
            raise Refused(_("这种格式不能拆分，文件又超过 25 MB，不能送去转写"))
        return [(0.0, LONGEST_RECORDING, None)]
    return parts_of(recording.seconds, 2 if recording.is_two_sided else 1)


@transaction.atomic
def cancel(recording: Recording, *, by: User) -> None:
    can_write_down.require(by, recording)
    rows = recording.jobs.filter(state=JobState.QUEUED)
    if not rows.update(state=JobState.CANCELLED, ended_at=moment.now(), taken_until=None):
        raise Refused(_("没有正在进行的转写，请刷新查看"))


@transaction.atomic
def job_again(recording: Recording, *, by: User) -> Job:
    """Go on with one that failed: only the parts that have not come back are sent."""
    can_write_down.require(by, recording)
    Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    job = recording.jobs.first()
    if job is None or job.state != JobState.FAILED:
        raise Refused(_("没有失败的转写，请刷新查看"))
    job.state, job.tries, job.error, job.ended_at = JobState.QUEUED, 0, "", None
    job.next_try_at = moment.now()
    job.save()
    return job


def transcribe_due() -> int:
    """One part of each job that is due after the other."""
    done = 0
    while done < MOST_A_RUN and (job := _next()) is not None:
        _go_on(job)
        done += 1
    return done


@transaction.atomic
def _next() -> Job | None:
    now = moment.now()
    due = Job.objects.due(now).select_related("recording__evidence", "transcriber")
    job = due.select_for_update(skip_locked=True, of=("self",)).first()
    if job is not None:
        job.tries += 1
        job.taken_until = now + TAKEN_FOR
        job.save(update_fields=["tries", "taken_until"])
    return job


def _go_on(job: Job) -> None:
    parts = _parts(job.recording)[: job.parts]
    number = next((n for n in range(len(parts)) if str(n) not in job.came), None)
    if number is None:
        _finish(job)
        return
    try:
        lines = _told(job, parts[number])
    except Untold as fault:
        _failed(job, fault)
        return
    _keep(job, number, lines)


def _told(job: Job, piece: tuple[float, float, int | None]) -> list[dict[str, Any]]:
    begin, end, lane = piece
    recording = job.recording
    speaker = "other"
    if lane is not None:
        speaker = "agent" if lane == recording.agent_lane else "customer"
        if not _anybody(recording, lane, begin, end):
            return []  # a side that is silent costs nothing
    answer = posted(job.transcriber, *_sound(recording, piece))
    try:
        return segments_of(answer, begin, end, speaker)
    except Unwritten as error:
        raise Untold(_("转写服务的回答不是约定的格式")) from error


def _anybody(recording: Recording, lane: int, begin: float, end: float) -> bool:
    spans = (recording.told.get("speech") or [[], []])[lane]
    return any(a < end and begin < b for a, b in spans)


def _sound(recording: Recording, piece: tuple[float, float, int | None]) -> tuple[str, str, bytes]:
    """(name, type, bytes) of what is sent."""
    if recording.seconds is None:
        ending = recording.evidence.name.rpartition(".")[2]
        path = Path(settings.EVIDENCE_DIR) / recording.evidence.path
        if not path.is_file():
            raise Untold(_("录音文件不在了"), final=True)
        return f"sound.{ending}", recording.evidence.media_type, path.read_bytes()
    begin, end, lane = piece
    try:
        return "sound.wav", "audio/wav", part(sound_of(recording), begin, end, lane=lane)
    except Unheard as error:
        raise Untold(_("录音不能读取"), final=error.why == "unreadable") from error


def posted(transcriber: Transcriber, name: str, media_type: str, sound: bytes) -> object:
    fields = {"model": transcriber.model, "response_format": "verbose_json"}
    if transcriber.language:
        fields["language"] = transcriber.language
    boundary = secrets.token_hex(16)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if key := unseal(transcriber.key):
        headers["Authorization"] = f"Bearer {key}"
    url = f"{transcriber.base_url.rstrip('/')}/audio/transcriptions"
    body = _multipart(boundary, fields, name, media_type, sound)
    try:
        reply = posting.send(
            "POST", url, headers=headers, body=body, most=LARGEST_ANSWER, seconds=WAIT_SECONDS
        )
    except Forbidden as error:
        raise Untold(posting.sentence_of(error.why), final=True) from error
    except posting.Unreached as error:
        raise Untold(_("连不上转写服务")) from error
    if reply.status in AGAIN or reply.status >= 500:
        sentence = _("转写服务暂时不可用（%(status)s）") % {"status": reply.status}
        raise Untold(sentence, wait=min(reply.retry_after, 3600))
    if reply.status >= 300:
        sentence = _("转写服务拒绝了（%(status)s），请检查地址、模型和密钥")
        raise Untold(sentence % {"status": reply.status}, final=True)
    try:
        return json.loads(reply.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Untold(_("转写服务的回答不是约定的格式")) from error


def _multipart(
    boundary: str, fields: dict[str, str], name: str, media_type: str, sound: bytes
) -> bytes:
    mark = f"--{boundary}\r\n".encode()
    parts = [
        mark + f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(mark + head.encode() + f"Content-Type: {media_type}\r\n\r\n".encode() + sound)
    return b"".join(parts) + f"\r\n--{boundary}--\r\n".encode()


@transaction.atomic
def _keep(job: Job, number: int, lines: list[dict[str, Any]]) -> None:
    kept = Job.objects.select_for_update(of=("self",)).filter(pk=job.pk).first()
    if kept is None or kept.state != JobState.QUEUED:
        return
    kept.came[str(number)] = lines
    kept.tries, kept.error, kept.taken_until = 0, "", None
    kept.next_try_at = moment.now()
    kept.save()
    Transcriber.objects.filter(pk=job.transcriber_id).update(
        worked_ok_at=moment.now(), error="", failed_at=None
    )
    if len(kept.came) >= kept.parts:
        _finish(kept)


@transaction.atomic
def _finish(job: Job) -> None:
    """All parts in the order of time, as a version of the machine's."""
    recording = Recording.objects.select_for_update(of=("self",)).get(pk=job.recording_id)
    kept = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if kept.state != JobState.QUEUED:
        return
    lines = sorted(
        (line for part_ in kept.came.values() for line in part_),
        key=lambda line: (line["begin"], line["end"]),
    )
    add_version(recording, by=kept.by, lines=lines, written_by=WrittenBy.MACHINE)
    kept.state, kept.ended_at, kept.taken_until = JobState.DONE, moment.now(), None
    kept.save(update_fields=["state", "ended_at", "taken_until"])


def _failed(job: Job, fault: Untold) -> None:
    now = moment.now()
    rows = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    told = fault.sentence
    Transcriber.objects.filter(pk=job.transcriber_id).update(error=told, failed_at=now)
    if fault.final or job.tries > len(TRY_AGAIN_AFTER):
        rows.update(state=JobState.FAILED, error=told, ended_at=now, taken_until=None)
        return
    wait = timedelta(seconds=max(fault.wait, TRY_AGAIN_AFTER[job.tries - 1]))
    rows.update(next_try_at=now + wait, error=told, taken_until=None)
