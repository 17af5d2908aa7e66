"""After an edit of policies or calendars: every open clock is planned anew, with progress.

Nobody has to announce an edit: the worker compares a fingerprint of all rules with the one it
planned by last, so a change from the console, an import or a restored backup counts alike.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.remembered import KEPT_FOR
from huiyin.ground.sentence import sentence as _
from huiyin.ground.worktime import models as worktime
from huiyin.ground.worktime.models import Calendar, CalendarDay
from huiyin.journey.clocks import models as clocks
from huiyin.journey.clocks.actions.planning import carry_next, plan_anew
from huiyin.journey.clocks.models import (
    Clock,
    Ladder,
    Policy,
    Replanning,
    Rung,
    Term,
)
from huiyin.journey.complaint.models import Complaint

BATCH = 100  # complaints a transaction: their rows are held no longer than that takes
# Every process has read the edit by then, so none plans by the old rules behind our back.
SETTLE = timedelta(seconds=KEPT_FOR + 1)


def follow_edits() -> int:
    """Plan open clocks anew if the rules were edited. Says how many complaints were looked at."""
    current = _started_or_running()
    if current is None or moment.now() < current.seen_at + SETTLE:
        return 0
    worktime.forget()
    clocks.forget()
    done = 0
    while batch := _one_batch(current.pk):
        done += batch
    return done


def fingerprint() -> str:
    """Changes whenever anything changes that a deadline or a reminder depends on."""
    told = (
        list(Policy.objects.order_by("pk").values_list("code", "enabled", "version", "condition")),
        list(Term.objects.order_by("pk").values_list()),
        list(
            Calendar.objects.order_by("pk").values_list(
                "code", "zone", "week", "follows_holidays", "ends_at_close"
            )
        ),
        list(Ladder.objects.order_by("pk").values_list()),
        list(Rung.objects.order_by("pk").values_list()),
        list(CalendarDay.objects.order_by("pk").values_list("calendar", "day", "kind")),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def progress() -> str:
    """How far the last edit of the rules has got, for whoever edits them."""
    last = Replanning.objects.first()
    if last is None or last.rules != fingerprint():
        return _("有修改尚未计入：未结时限会在一分钟内按新规则重算，停表时间和最初期限都保留")
    if last.finished_at is None:
        return _("正在按新规则重算未结时限：已完成 %(done)s / %(total)s 件投诉") % {
            "done": last.done,
            "total": last.total,
        }
    return _("%(at)s 已按现行规则重算：%(total)s 件投诉中有 %(moved)s 个时限改了期") % {
        "at": timezone.localtime(last.finished_at).strftime("%Y-%m-%d %H:%M"),
        "total": last.done,
        "moved": last.moved,
    }


@transaction.atomic
def _started_or_running() -> Replanning | None:
    """The pass that is due; None when everything was planned by the rules as they are.

    A new edit ends the pass before it: the new one goes over everything anyway.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('huiyin replanning'))")
        if not cursor.fetchone()[0]:
            return None  # another worker decides just now
    rules = fingerprint()
    last = Replanning.objects.first()
    if last is not None and last.rules == rules:
        return None if last.finished_at else last
    Replanning.objects.filter(finished_at=None).delete()
    return Replanning.objects.create(
        rules=rules, seen_at=moment.now(), total=_with_open_clocks().count()
    )


def _with_open_clocks() -> QuerySet[Complaint]:
    return Complaint.objects.filter(
        Exists(Clock.objects.filter(complaint=OuterRef("pk"), stopped_at=None))
    )


@transaction.atomic
def _one_batch(pk: int) -> int:
    """Some complaints further; a worker that dies loses the batch at hand and nothing else."""
    progress = Replanning.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if progress is None or progress.finished_at:
        return 0
    found = _with_open_clocks().filter(pk__gt=progress.last_complaint).order_by("pk")
    batch = list(found.select_for_update(no_key=True)[:BATCH])
    for complaint in batch:
        progress.moved += _replanned(complaint)
    progress.done += len(batch)
    progress.total = max(progress.total, progress.done)
    progress.last_complaint = batch[-1].pk if batch else progress.last_complaint
    if len(batch) < BATCH:
        progress.finished_at = moment.now()
    progress.save()
    return len(batch)


def _replanned(complaint: Complaint) -> int:
    moved = 0
    for clock in complaint.clocks.filter(stopped_at=None).prefetch_related("pauses", "extensions"):
        clock.complaint = complaint
        if plan_anew(clock, complaint):
            Clock.objects.filter(pk=clock.pk).update(replanned_at=moment.now())
            moved += 1
    if moved:
        carry_next(complaint)
    return moved
