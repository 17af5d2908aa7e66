"""A sound among the evidence waits to be listened to: once, and again whenever somebody asks."""

from __future__ import annotations

import math
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.recordings.models import Recording
from huiyin.journey.channels.recordings.permissions import can_listen
from huiyin.journey.channels.recordings.rules.writing import LONGEST_RECORDING
from huiyin.journey.channels.recordings.words import RecordingState
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation.models import Evidence

MOST_HOLDS = 200


def is_sound(evidence: Evidence) -> bool:
    return evidence.media_type.startswith("audio/")


def queue(event: Event) -> None:
    """Follower of EVIDENCE_ADDED, whoever brought it; `holds` ([[from, to], …] in its seconds): as
    a telephone system tells them. Twice is once."""
    evidence = Evidence.objects.filter(pk=event.facts.get("evidence")).first()
    if evidence is not None and is_sound(evidence):
        found = recording_of(evidence)
        if holds := event.facts.get("holds"):
            keep_holds(found, [(float(a), float(b)) for a, b in holds])


def recording_of(evidence: Evidence) -> Recording:
    """What is known of this sound; queued when nothing is known yet."""
    now = moment.now()
    found, _made = Recording.objects.get_or_create(
        evidence=evidence,
        defaults={"complaint_id": evidence.complaint_id, "next_try_at": now, "at": now},
    )
    return found


def keep_holds(recording: Recording, spans: Iterable[tuple[float, float]]) -> None:
    """The last word counts."""
    kept = []
    for begin, end in list(spans)[:MOST_HOLDS]:
        if not (math.isfinite(begin) and math.isfinite(end) and 0 <= begin < end):
            raise Invalid(_("保持时段要写成秒数，结束在开始之后"))
        if end <= LONGEST_RECORDING:
            kept.append([round(begin, 2), round(end, 2)])
    Recording.objects.filter(pk=recording.pk).update(holds_told=sorted(kept))


@transaction.atomic
def again(recording: Recording, *, by: User) -> None:
    """Listen to it once more: after a failure, or by today's standard. What people wrote stays."""
    can_listen.require(by, recording)
    rows = Recording.objects.filter(pk=recording.pk).exclude(state=RecordingState.QUEUED)
    if not queued_again(rows):
        raise Refused(_("这段录音正在等待分析，请稍后刷新"))


def queued_again(rows: QuerySet[Recording]) -> int:
    return rows.update(
        state=RecordingState.QUEUED,
        fault="",
        tries=0,
        progress=0,
        next_try_at=moment.now(),
        taken_until=None,
    )
