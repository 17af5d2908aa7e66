"""Visits: one's own that are not finished, and finished ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.counter.models import Walkin, WalkinQuerySet
from huiyin.journey.channels.counter.words import WalkinState
from huiyin.journey.complaint.models import Complaint

PAGE = 30


@dataclass(frozen=True)
class Asked:
    q: str = ""
    before: int | None = None
    day: date | None = None  # signed on it


def read(typed: dict[str, str]) -> Asked:
    before = typed.get("before", "")
    return Asked(
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < 18
        else None,
        day=moment.read_day(typed.get("day", "")),
    )


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def begun(user: User) -> list[Walkin]:
    return list(Walkin.objects.of(user).begun().order_by("-pk")[:PAGE])


def page(asked: Asked, user: User) -> tuple[list[Walkin], int | None]:
    """One page of finished ones, the newest first; and where to go on."""
    rows = narrowed(asked, user).select_related("complaint__customer", "by")
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    some = list(rows.defer("strokes").order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def narrowed(asked: Asked, user: User) -> WalkinQuerySet:
    seen = Complaint.objects.visible_to(user)
    rows = Walkin.objects.filter(state=WalkinState.DONE, complaint__in=seen)
    if asked.day:
        begins = midnight(asked.day)
        rows = rows.filter(signed_at__gte=begins, signed_at__lt=begins + timedelta(days=1))
    for word in asked.q.split()[:5]:
        rows = rows.filter(
            Q(complaint__number__icontains=word)
            | Q(complaint__subject__icontains=word)
            | Q(by__name__icontains=word)
        )
    return rows
