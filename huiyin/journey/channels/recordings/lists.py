"""Recordings that a person may see, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings.models import Job, Recording, RecordingQuerySet
from huiyin.journey.channels.recordings.words import JobState, RecordingState
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.words import PrivacyLevel

PAGE = 50
LENGTHS = {"short": (0, 60), "middle": (60, 600), "long": (600, None)}  # seconds
MARKS = ("interrupted", "held", "written", "unwritten", "writing", "unwritable")
JOBS = {"writing": JobState.QUEUED, "unwritable": JobState.FAILED}


@dataclass(frozen=True)
class Asked:
    """What was asked for; what cannot be is as if it had not been."""

    q: str = ""
    state: str = ""
    length: str = ""
    mark: str = ""
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.length or self.mark)


def read(typed: dict[str, str]) -> Asked:
    before = typed.get("before", "")
    return Asked(
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        state=typed.get("state", "") if typed.get("state") in RecordingState.values else "",
        length=typed.get("length", "") if typed.get("length") in LENGTHS else "",
        mark=typed.get("mark", "") if typed.get("mark") in MARKS else "",
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < 18
        else None,
    )


def page(asked: Asked, user: User) -> tuple[list[Recording], int | None]:
    """One page, and where to go on. A sensitive name that he may not read finds nothing."""
    rows = narrowed(asked, user).select_related(
        "evidence__by", "complaint", "evidence__complaint", "sound_copy"
    )
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.defer("told", "places").order_by("-pk")[: PAGE + 1])
    more = some[PAGE - 1].pk if len(some) > PAGE else None
    shown = some[:PAGE]
    if asked.q:
        shown = [one for one in shown if can_open_evidence(user, one.evidence)]
    return shown, more


def narrowed(asked: Asked, user: User) -> RecordingQuerySet:
    rows = Recording.objects.visible_to(user)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.length:
        least, most = LENGTHS[asked.length]
        rows = rows.filter(seconds__gte=least)
        rows = rows.filter(seconds__lt=most) if most is not None else rows
    if asked.mark == "interrupted":
        rows = rows.filter(interruptions__gt=0)
    elif asked.mark == "held":
        rows = rows.filter(hold_seconds__gt=0)
    elif asked.mark == "written":
        rows = rows.filter(transcripts__version=1)
    elif asked.mark == "unwritten":
        rows = rows.filter(transcripts=None)
    elif asked.mark in JOBS:
        jobs = Job.objects.filter(recording=OuterRef("pk"), state=JOBS[asked.mark])
        rows = rows.filter(Exists(jobs))
    for word in asked.q.split()[:5]:
        named = Q(evidence__name__icontains=word) | Q(evidence__about__icontains=word)
        # Of a sensitive one nobody finds more than its complaint by words.
        named &= ~Q(evidence__privacy=PrivacyLevel.SENSITIVE) | Q(evidence__by=user)
        rows = rows.filter(
            named | Q(complaint__number__icontains=word) | Q(complaint__subject__icontains=word)
        )
    return rows
