"""Closing what is worked on under another number: members with their master, a whole with its
items. Each gets a closing record and a notice of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.closure.models import Closing
from huiyin.journey.closure.words import Outcome, Satisfaction
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.investigation.words import Cause, Liability


def close_with(event: Event) -> None:
    """Follow a closing: the members of a master, and the whole whose last item this was."""
    closing = event.complaint.closings.select_related("remedy").first()
    if closing is None:
        return
    for member in grouping.merged_members(event.complaint):
        _close(member, like=closing, by=event.by, note=_("随主件结案"))
    whole = grouping.whole_of(event.complaint)
    if whole is not None and whole.status == Status.MRG:
        _close_whole(whole, by=event.by)


def _close_whole(whole: Complaint, *, by: User) -> None:
    """When none of its items goes on. What they ended with is summed up, the weightiest last."""
    items = grouping.items_of(whole)
    if any(item.is_open or item.status == Status.MRG for item in items):
        return
    last = Closing.objects.filter(complaint__in=items).select_related("remedy").first()
    if last is None:
        return
    by_item = {
        c.complaint_id: c for c in Closing.objects.filter(complaint__in=items).order_by("pk")
    }
    last.outcome = _summed_up(c.outcome for c in by_item.values())
    last.improvement = any(c.improvement for c in by_item.values())
    _close(whole, like=last, by=by, note=_("拆出的事项都已办结"))


def _summed_up(outcomes: Iterable[str]) -> str:
    there = set(outcomes)
    return there.pop() if len(there) == 1 else Outcome.PARTLY


def _close(complaint: Complaint, *, like: Closing, by: User, note: str) -> None:
    """Nobody asked this customer how content he is, so nothing is said about that."""
    complaint.move_to(Status.CLO)
    now = moment.now()
    complaint.carry(closed_at=now)
    Closing.objects.create(
        complaint=complaint,
        outcome=like.outcome,
        cause=like.cause,
        liability=like.liability,
        remedy=like.remedy,
        satisfaction=Satisfaction.UNKNOWN,
        improvement=like.improvement,
        note=note,
        by=by,
        at=now,
    )
    record(
        What.CLOSED,
        complaint,
        by=by,
        outcome=frozen(Outcome(like.outcome).label),
        cause=frozen(Cause(like.cause).label),
        liability=frozen(Liability(like.liability).label),
        note=note,
    )
