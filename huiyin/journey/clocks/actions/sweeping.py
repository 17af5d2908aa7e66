"""What happens by itself: warning before, recording the miss after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush

from django.db import connection, transaction
from django.db.models import Q

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.clocks.actions.climbing import climb
from huiyin.journey.clocks.actions.ladders import ladder_of
from huiyin.journey.clocks.models import Clock, ClockQuerySet
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.words import What

logger = logging.getLogger(__name__)

BATCH = 500  # due clocks taken up by one look of the sweep


def sweep() -> int:
    """Warn before, record misses, climb the ladders: each exactly once, however many workers run.

    After a downtime what was due comes first to last; what is already late is not warned of any
    more. Cost grows with what is due, not with what is open: all questions are partial indexes.
    """
    now = moment.now()
    done = sum(_tried(_miss, clock, now) for clock in _each(Clock.objects.overdue(now)))
    done += sum(_tried(_warn, clock, now) for clock in _each(Clock.objects.to_warn(now)))
    return done + _climb_all(now)


def _climb_all(now: datetime) -> int:
    """Rung by rung in the order in which they were due, over all clocks.

    A page is a heap: a clock whose next rung is due within the page comes up again in its place.
    """
    done, due = 0, Clock.objects.to_climb(now)
    page = list(due[:BATCH])
    while page:
        last = _place(page[-1])
        heap = [(_place(clock), clock) for clock in page]
        while heap:
            _at, clock = heappop(heap)
            fired = _tried(_climb, clock, now)
            done += fired
            if fired and clock.next_rung_at and _place(clock) <= last:
                heappush(heap, (_place(clock), clock))
        after = Q(next_rung_at__gt=last[0]) | Q(next_rung_at=last[0], pk__gt=last[1])
        page = list(due.filter(after)[:BATCH])
    return done


def _place(clock: Clock) -> tuple[datetime, int]:
    assert clock.next_rung_at is not None
    return clock.next_rung_at, clock.pk


@transaction.atomic
def _climb(seen: Clock, now: datetime) -> bool:
    clock = _taken(Clock.objects.to_climb(now), seen)
    if clock is None:
        return False
    fired = climb(clock, now)
    seen.next_rung_at = clock.next_rung_at
    return fired


def _each(due: ClockQuerySet) -> Iterator[Clock]:
    """Page by page, always onwards: a clock that cannot be settled is not met again in this run."""
    page = list(due[:BATCH])
    while page:
        yield from page
        last = page[-1]
        after = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)
        page = list(due.filter(after)[:BATCH])


def _tried(act: Callable[[Clock, datetime], bool], clock: Clock, now: datetime) -> bool:
    try:
        return act(clock, now)
    except Exception:  # one bad clock must not hold up the others
        if not connection.is_usable():  # no clock's fault: the next run begins anew
            raise
        logger.exception("Could not settle clock %s", clock.pk)
        return False


@transaction.atomic
def _miss(seen: Clock, now: datetime) -> bool:
    clock = _taken(Clock.objects.overdue(now), seen)
    if clock is None:
        return False
    record_miss(clock, now)
    return True


@transaction.atomic
def _warn(seen: Clock, now: datetime) -> bool:
    clock = _taken(Clock.objects.to_warn(now), seen)
    if clock is None:
        return False
    Clock.objects.filter(pk=clock.pk).update(warned_at=now)
    record(What.CLOCK_WARNED, clock.complaint, by=User.objects.system(), **facts_of(clock))
    return True


def _taken(still: ClockQuerySet, seen: Clock) -> Clock | None:
    """The clock if it is still to be settled, with its complaint held; None if somebody has it.

    People's acts hold the complaint before the clocks, so the sweep does too, and never waits for
    them: what is busy now is met again by the next run.
    """
    both = still.filter(pk=seen.pk).select_related("complaint__team").order_by()
    # Both rows are locked, so that both are read as they are now, and not as they were before the
    # lock; never waiting, it does not matter which of them comes first.
    held = both.select_for_update(of=("self", "complaint"), skip_locked=True, no_key=True)
    return next(iter(held), None)


def record_miss(clock: Clock, now: datetime) -> None:
    Clock.objects.filter(pk=clock.pk).update(missed_at=now)
    record(What.CLOCK_MISSED, clock.complaint, by=User.objects.system(), **facts_of(clock))


def facts_of(clock: Clock) -> dict[str, object]:
    """What every event about a clock says; later stages follow theirs by `subject`, and find the
    row it names ("task:17") as `task`: 17."""
    of, _colon, pk = clock.subject.partition(":")
    words = (clock.label, frozen(ClockKind(clock.kind).label))
    return {
        "clock": " · ".join(filter(None, words)),
        "kind": clock.kind,
        "subject": clock.subject,
        "due_at": clock.due_at.isoformat(),
        "policy": clock.policy,
        "ladder": ladder.code if (ladder := ladder_of(clock)) else "",
        **({of: int(pk)} if pk.isdecimal() else {}),
    }
