"""Which part of the day it is, which were tried, when to try next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.journey.callbacks.words import CallbackKind, PartOfDay, Result

MOST_TRIES = 3  # each in another part of the day; then 未接通 is a result (domain §7.3)
APART = timedelta(hours=1)  # between two tries, however near the next part of the day is
GRACE = timedelta(minutes=30)  # after an appointment, until it is missed
CLAIMED_FOR = timedelta(minutes=15)
FARTHEST_APPOINTMENT = timedelta(days=30)
LONGEST_REASON = 500
LONGEST_WORDS = 1000
LONGEST_OFFSET = 24 * 3600  # seconds of a recording
AWAKE = (time(8), time(21))  # nobody is called outside, unless he asked for it within

# Where each part of the day ends. Somebody who works from nine to six still has three of them.
PARTS = (
    (time(11, 30), PartOfDay.MORNING),
    (time(14), PartOfDay.NOON),
    (time(18), PartOfDay.AFTERNOON),
)

OF_A_VISIT = (
    Result.SATISFIED,
    Result.FAIR,
    Result.UNSATISFIED,
    Result.NO_OPINION,
    Result.DECLINED,
    Result.LATER,
    Result.NOT_REACHED,
    Result.WRONG_NUMBER,
)
OF_A_TALK = (Result.TALKED, Result.LATER, Result.NOT_REACHED, Result.WRONG_NUMBER)


def results_of(kind: str) -> tuple[Result, ...]:
    """How a call of this kind can end."""
    return OF_A_VISIT if kind == CallbackKind.VISIT else OF_A_TALK


def part_of_day(at: datetime) -> PartOfDay:
    """Of a moment in the zone of the person who is called."""
    return next((part for end, part in PARTS if at.time() < end), PartOfDay.EVENING)


def parts_tried(tries: Iterable[datetime]) -> list[PartOfDay]:
    """The parts of the day in which somebody was called in vain; a second try in one adds none."""
    return list(dict.fromkeys(part_of_day(at) for at in tries))


def tried_enough(tries: Iterable[datetime]) -> bool:
    return len(parts_tried(tries)) >= MOST_TRIES


def next_try(
    now: datetime,
    tried: Collection[PartOfDay],
    open_: Iterable[tuple[datetime, datetime]],
    zone: ZoneInfo,
) -> datetime:
    """The first moment of working time, not too soon, in a part of the day not tried yet.

    `open_` are the spans in which we call, in order. When every part of our hours was tried, the
    first moment of ours that is not too soon.
    """
    earliest = now + APART
    fallback: datetime | None = None
    for count, (begin, end) in enumerate(open_):
        start = max(begin, earliest)
        if start >= end:
            continue
        fallback = fallback or start
        for at in (start, *(cut for cut in _cuts(start.astimezone(zone)) if start < cut < end)):
            if part_of_day(at.astimezone(zone)) not in tried:
                return at
        if count > 20:  # three weeks of days: our hours have no other part
            break
    return fallback or earliest


def _cuts(day: datetime) -> list[datetime]:
    """Where the parts of this local day begin."""
    return [datetime.combine(day.date(), end, day.tzinfo) for end, _part in PARTS]


def is_good_hour(at: datetime) -> bool:
    """Whether a person may be called at this local moment."""
    return AWAKE[0] <= at.time() <= AWAKE[1]


def offset_of(text: str) -> int | None:
    """Seconds of "75", "1:15" or "0:01:15"; None for what is none."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdecimal() for p in parts):
        return None
    if any(len(part) > 5 for part in parts) or any(int(part) > 59 for part in parts[1:]):
        return None
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + int(part)
    return seconds if seconds <= LONGEST_OFFSET else None
