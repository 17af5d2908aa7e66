"""When a call-back is due, which tries count, until when one may reopen. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from huiyin.journey.closure.words import PartOfDay

REOPEN_WITHIN = timedelta(days=30)  # domain §7.3
ARCHIVE_AFTER = timedelta(days=30)
MOST_TRIES = 3  # each in another part of the day; then 未接通 is a result
MOST_REWORKS = 2  # then the manager decides
STRONG = frozenset({"angry", "desperate"})
SAMPLE_PERCENT = 20  # of what need not be visited

# Where each part of the day ends. Somebody who works from nine to six still has three of them.
PARTS = (
    (time(11, 30), PartOfDay.MORNING),
    (time(14), PartOfDay.NOON),
    (time(18), PartOfDay.AFTERNOON),
)


def visit_is_due(
    *, severity: int | None, emotion: str, sla: str, risks: Collection[str], key: str
) -> bool:
    """S1 and S2, complex ones, strong emotion and risks always; of the rest a steady sample.

    Source: 001 (complex and emotional cases within 1–3 days), domain §1.1. The sample is taken by
    the number, so asking twice gives the same answer.
    """
    if severity in (1, 2) or sla == "SLA-CPX" or emotion in STRONG or risks:
        return True
    return zlib.crc32(key.encode()) % 100 < SAMPLE_PERCENT


def part_of_day(at: datetime) -> PartOfDay:
    """Of a moment in the zone of the person who is called."""
    return next((part for end, part in PARTS if at.time() < end), PartOfDay.EVENING)


def parts_tried(tries: Iterable[datetime]) -> list[PartOfDay]:
    """The parts of the day in which somebody was called in vain; a second try in one adds none."""
    return list(dict.fromkeys(part_of_day(at) for at in tries))


def tried_enough(tries: Iterable[datetime]) -> bool:
    return len(parts_tried(tries)) >= MOST_TRIES


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN
