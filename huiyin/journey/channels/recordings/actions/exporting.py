"""What leaves the page: the transcript as a file of evidence, and a copy that names its reader."""

from __future__ import annotations

import os
import struct
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.recordings.actions.writing import current
from huiyin.journey.channels.recordings.models import Recording
from huiyin.journey.channels.recordings.permissions import can_listen, can_write_down
from huiyin.journey.channels.recordings.rules.writing import as_text
from huiyin.journey.channels.recordings.words import Speaker
from huiyin.journey.conversation.actions import Description, add_evidence, copied
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.rules import safe_name
from huiyin.journey.conversation.words import Receiver


@transaction.atomic
def export(recording: Recording, *, by: User) -> Evidence:
    """The transcript that counts, as text evidence as open or sensitive as its recording."""
    can_write_down.require(by, recording)
    transcript = current(recording)
    if transcript is None or not transcript.lines:
        raise Refused(_("还没有文字稿，写下第一行后再导出"))
    evidence = recording.evidence
    stem = os.path.splitext(evidence.name)[0][:80]  # noqa: PTH122 — a name, no path
    head = _("录音文字稿 · %(name)s · 第 %(version)s 版 · %(by)s（%(how)s）· SHA-256 %(hash)s") % {
        "name": evidence.name,
        "version": transcript.version,
        "by": transcript.by.shown_name,
        "how": transcript.get_written_by_display(),
        "hash": evidence.sha256,
    }
    names = {str(one.value): str(one.label) for one in Speaker}
    text = f"{head}\n\n{as_text(transcript.lines, names)}\n"
    name = _("%(stem)s_文字稿_v%(version)s.txt") % {"stem": stem, "version": transcript.version}
    return add_evidence(
        recording.complaint,
        by=by,
        upload=SimpleUploadedFile(name, text.encode(), "text/plain"),
        internal=True,
        described=Description(
            about=_("录音“%(name)s”的文字稿") % {"name": evidence.name[:200]},
            happened_at=evidence.happened_at,
            privacy=evidence.privacy,
        ),
    )


@transaction.atomic
def take_copy(recording: Recording, *, by: User, now: datetime) -> tuple[str, str]:
    """On record, every time; (file name, words inside the file)."""
    can_listen.require(by, recording)
    evidence = recording.evidence
    name = file_name(evidence, by, now)
    copied(evidence, by=by, receiver=Receiver.STAFF, to=by.shown_name, copy=name)
    at = timezone.localtime(now)
    return name, f"{by.shown_name} ({by.username}) {at:%Y-%m-%d %H:%M} {evidence.sha256}"


def file_name(evidence: Evidence, reader: User, now: datetime) -> str:
    """录音_李明_20261129-2215.wav: whoever finds the copy knows whose it was."""
    stem, ending = os.path.splitext(safe_name(evidence.name))  # noqa: PTH122
    at = timezone.localtime(now).strftime("%Y%m%d-%H%M")
    return safe_name(f"{stem[:70]}_{reader.username}_{at}{ending}")


def with_reader(data: bytes, note: str) -> bytes:
    """A WAV with a comment (LIST/INFO ICMT) that names the reader; anything else as it is."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return data
    said = note.encode("utf-8")[:2000] + b"\0"
    said += b"\0" * (len(said) % 2)
    info = b"INFOICMT" + struct.pack("<I", len(said)) + said
    chunk = b"LIST" + struct.pack("<I", len(info)) + info
    body = data[8:] + (b"\0" if len(data) % 2 else b"") + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body
