"""Which ladder a clock climbs, and when its next rung is due."""

from __future__ import annotations

from datetime import datetime

from huiyin.ground import moment
from huiyin.ground.conditions.rules import fields_of
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import work_days_left
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.models import Clock, Ladder, Rung, RungFired, ladders
from huiyin.journey.clocks.words import OWN_KINDS
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.conditions import matches

# What a triage settles. A ladder that asks for more is looked for again after a dispatch.
SETTLED = frozenset({"severity", "category", "channel", "risks", "emotion", "customer_level"})


def ladder_for(clock: Clock) -> Ladder | None:
    """The first ladder for this kind and policy whose condition holds of the complaint."""
    now = moment.now()
    for ladder in ladders():
        kinds = ladder.kinds or OWN_KINDS
        if rules.fits(kinds, ladder.policies, clock.kind, clock.policy) and matches(
            ladder.condition, clock.complaint, now=now
        ):
            return ladder
    return None


def ladder_of(clock: Clock) -> Ladder | None:
    """The one that it climbs; asked for only where it is no longer in use."""
    known = (ladder for ladder in ladders() if ladder.pk == clock.ladder_id)
    return next(known, None) or clock.ladder


def moments(clock: Clock, ladder: Ladder | None) -> list[tuple[datetime, Rung]]:
    """Every rung with its moment, in the order in which they are due."""
    if ladder is None:
        return []
    works, span = calendar(clock.calendar_code), (clock.started_at, clock.due_at)
    rungs = list(ladder.rungs.all())
    asked = any(rung.min_work_days for rung in rungs)
    length = work_days_left(clock.started_at, clock.first_due_at, works) if asked else 0
    found = []
    for rung in rungs:
        step = rules.Step(rung.measure, float(rung.amount), rung.unit, rung.min_work_days)
        if at := rules.rung_at(step, *span, works, work_days=length):
            found.append((at, rung))
    return sorted(found, key=lambda one: (one[0], one[1].pk))


def plan_rungs(clock: Clock, *, moved: bool = False) -> list[tuple[datetime, Rung]]:
    """Choose the ladder and note when its first rung is due that has not fired. Saves nothing.

    `moved`: the due date did. A rung that fired and lies ahead again by that may fire again.
    Gives the rungs that have not fired.
    """
    clock.ladder = ladder_for(clock)
    every = moments(clock, clock.ladder)
    fired = _fired(clock, {rung.pk: at for at, rung in every} if moved else {})
    left = [(at, rung) for at, rung in every if rung.pk not in fired]
    clock.next_rung_at = left[0][0] if left else None
    return left


def _fired(clock: Clock, planned: dict[int, datetime]) -> set[int | None]:
    """The rungs that count as told; those whose moment moved away again are taken back."""
    if not clock.pk or clock._state.adding:
        return set()
    told = {row.rung_id: row for row in clock.fired.filter(lapsed_at=None)}
    now = moment.now()
    ahead = [
        row
        for pk, row in told.items()
        if pk in planned and planned[pk] > now and planned[pk] > row.planned_at
    ]
    if ahead:
        RungFired.objects.filter(pk__in=[row.pk for row in ahead]).update(lapsed_at=now)
    return set(told) - {row.rung_id for row in ahead}


def look_again(complaint: Complaint) -> None:
    """After what a ladder may ask for has changed: open clocks climb the one that fits now."""
    if complaint._state.adding and not any(_asks_more(ladder) for ladder in ladders()):
        return
    for clock in complaint.clocks.own().filter(stopped_at=None):
        before = (clock.ladder_id, clock.next_rung_at)
        clock.complaint = complaint
        plan_rungs(clock)
        if (clock.ladder_id, clock.next_rung_at) != before:
            clock.save(update_fields=["ladder", "next_rung_at"])


def _asks_more(ladder: Ladder) -> bool:
    return not SETTLED.issuperset(fields_of(ladder.condition))
