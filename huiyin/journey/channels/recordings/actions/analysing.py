"""Listening to what is queued: one worker each, in a child with limits, as often as need be."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.sentence import joined
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.recordings.actions.copying import copy_of, place_of
from huiyin.journey.channels.recordings.actions.queueing import queued_again
from huiyin.journey.channels.recordings.actions.transcribing import ask_by_itself
from huiyin.journey.channels.recordings.listening import Heard, Limits, Unheard, can_copy, hear
from huiyin.journey.channels.recordings.models import Recording, standard
from huiyin.journey.channels.recordings.rules.writing import clock
from huiyin.journey.channels.recordings.words import RecordingState
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What

logger = logging.getLogger(__name__)

MOST_A_RUN = 200
TRY_AGAIN_AFTER = (1, 10)  # minutes
# The same next time.
FOR_GOOD = frozenset({"unreadable", "format", "empty", "long", "large", "rate", "missing"})
TOLD_EVERY = 1.0  # seconds between two words of progress
ALLOWANCE = timedelta(minutes=2)


def analyse_due() -> int:
    """All that wait; of two workers each recording is listened to by one (SKIP LOCKED)."""
    take_up()
    done = 0
    while done < MOST_A_RUN and (recording := _next()) is not None:
        analyse(recording)
        done += 1
    return done


@transaction.atomic
def _next() -> Recording | None:
    """Counted before it is listened to, so that what kills its listener stops killing."""
    now = moment.now()
    due = Recording.objects.due(now).select_related("evidence")
    recording = due.select_for_update(skip_locked=True, of=("self",)).first()
    if recording is not None:
        recording.tries += 1
        recording.taken_until = now + timedelta(seconds=2 * Limits().wall) + ALLOWANCE
        recording.save(update_fields=["tries", "taken_until"])
    return recording


def take_up() -> int:
    """What came before the extra `audio` was there waits again as soon as it is."""
    if not can_copy():
        return 0
    rows = Recording.objects.filter(fault="format", state=RecordingState.FAILED).order_by("pk")
    some = list(rows.values_list("pk", flat=True)[:MOST_A_RUN])
    return queued_again(Recording.objects.filter(pk__in=some)) if some else 0


def analyse(recording: Recording) -> None:
    """Listen now. Whatever the file is, it ends in figures or in a sentence."""
    path = Path(settings.EVIDENCE_DIR) / recording.evidence.path
    tell = _teller(recording)
    try:
        if not path.is_file():
            raise Unheard("missing")
        heard = _heard(recording, path, tell)
    except Unheard as fault:
        _unheard(recording, fault.why)
    else:
        _keep(recording, heard)


def _heard(recording: Recording, path: Path, tell: Callable[[float], None]) -> Heard:
    """The file itself; what cannot be read so, by its copy, as pages play it: what is measured and
    what is heard are the same samples."""
    try:
        return hear(path, standard=standard(), progress=tell)
    except Unheard as fault:
        if fault.why != "unreadable":
            raise
    made = copy_of(recording, path, lambda share: tell(share / 2))
    heard = hear(place_of(made), standard=standard(), progress=lambda share: tell((1 + share) / 2))
    return replace(
        heard,
        channels=made.channels,
        rate=made.rate,
        format=made.format,
        sha256=made.derived_from,
        doubts=[*made.doubts, *heard.doubts],
    )


def _teller(recording: Recording) -> Callable[[float], None]:
    last = [time.monotonic()]

    def tell(share: float) -> None:
        if time.monotonic() - last[0] >= TOLD_EVERY:
            last[0] = time.monotonic()
            Recording.objects.filter(pk=recording.pk).update(progress=min(99, int(share * 100)))

    return tell


def _unheard(recording: Recording, why: str) -> None:
    rows = Recording.objects.filter(pk=recording.pk, state=RecordingState.QUEUED)
    if why in FOR_GOOD or recording.tries > len(TRY_AGAIN_AFTER):
        rows.update(state=RecordingState.FAILED, fault=why[:12], progress=0, taken_until=None)
        return
    logger.warning("recording %s was not listened to: %s", recording.pk, why)
    wait = timedelta(minutes=TRY_AGAIN_AFTER[max(0, recording.tries - 1)])
    rows.update(next_try_at=moment.now() + wait, fault=why[:12], progress=0, taken_until=None)


@transaction.atomic
def _keep(recording: Recording, heard: Heard) -> None:
    """Figures, and one line in the story the first time."""
    kept = Recording.objects.select_for_update(of=("self",)).filter(pk=recording.pk).first()
    if kept is None or kept.state != RecordingState.QUEUED:
        return
    first = kept.analysed_at is None
    told = heard.told
    kept.state, kept.fault, kept.progress = RecordingState.ANALYSED, "", 100
    kept.seconds, kept.channels, kept.rate = heard.seconds, heard.channels, heard.rate
    kept.format, kept.sha256 = heard.format[:40], heard.sha256
    kept.doubts = [*heard.doubts]
    if heard.sha256 != recording.evidence.sha256:
        kept.doubts.append("changed")  # the bytes are not those that were kept
    kept.figures, kept.places = told["figures"], told["places"]
    kept.told = {name: told[name] for name in ("speech", "curves", "peaks")}
    kept.interruptions = told["figures"]["interruptions"]
    kept.hold_seconds = told["figures"]["hold_total"]
    kept.analysed_at, kept.taken_until = moment.now(), None
    kept.save()
    if first:
        _tell(kept)
        ask_by_itself(kept)


def _tell(recording: Recording) -> None:
    evidence = recording.evidence
    parts = [clock(recording.seconds or 0)]
    if recording.is_two_sided and not evidence.is_sensitive:
        words = _("打断 %(count)s 次") % {"count": recording.interruptions}
        parts.append(words)
    if recording.hold_seconds and not evidence.is_sensitive:
        length = clock(recording.hold_seconds)
        parts.append(_("等待 %(length)s") % {"length": length})
    record(
        What.RECORDED,
        recording.complaint,
        by=User.objects.system(),
        evidence=evidence.pk,
        recording=str(evidence.uuid),
        seconds=recording.seconds,
        interruptions=recording.interruptions,
        words=joined(parts, " · "),
    )
