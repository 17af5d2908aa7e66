"""When a rule proposes, which periods are compared, whether it worked, who may verify. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huiyin.journey.improvement.words import Stage, Trigger
from huiyin.journey.intake.rules import is_old

LONGEST_TITLE = 120
LONGEST_TEXT = 5000
LONGEST_WORDS = 500
LONGEST_STEP = 300
MOST_STEPS = 30
MOST_FILES = 10
MOST_SOURCES = 100
MOST_AMOUNT = 365
EFFECT_DAYS = 90
PER = 1000  # rates are told per thousand complaints

OPEN = (Stage.PROPOSED, Stage.WORKING, Stage.DONE, Stage.WATCHING, Stage.JUDGING)
ENDED = (Stage.EFFECTIVE, Stage.INEFFECTIVE, Stage.DISMISSED)
OWED = (Stage.WORKING,)  # its owner has something to do
# The columns of the board, in the order in which an improvement passes them.
BOARD = (*OPEN, Stage.EFFECTIVE, Stage.INEFFECTIVE)

BY_EVENT: dict[str, tuple[Trigger, ...]] = {
    "received": (Trigger.CRITICAL, Trigger.REGULATOR, Trigger.CLUSTER),
    "reclassified": (Trigger.CRITICAL, Trigger.CLUSTER),
    "incident_joined": (Trigger.CLUSTER,),
    "found": (Trigger.CRITICAL, Trigger.CAUSE),
    "supervised": (Trigger.SUPERVISED,),
    "policy_attached": (Trigger.REGULATOR,),
    "closed": (Trigger.CLOSING, Trigger.CAUSE),
}
COUNTED = (Trigger.CLUSTER, Trigger.CAUSE)  # look at how many there are


def trigger_of(what: str, facts: Mapping[str, Any]) -> tuple[Trigger, ...]:
    """Which triggers an event may be; a file of old complaints is no news."""
    if what == "received" and is_old(str(facts.get("via"))):
        return ()
    return BY_EVENT.get(what, ())


def group_of(category: str) -> str:
    """PD.01.07 → PD.01: causes are counted over the second level of the taxonomy."""
    return ".".join(category.split(".")[:2])


def is_limit(amount: float, unit: str) -> bool:
    """More than nothing, at most a year, and days whole."""
    whole = unit not in ("days", "work_days") or amount == int(amount)
    return 0 < amount <= MOST_AMOUNT and whole


def reminds_again(times: int, most: int) -> bool:
    """Whether whoever has not read a bulletin hears of it once more; else his head does."""
    return times < most


@dataclass(frozen=True)
class Span:
    """[begins, ends)."""

    begins: datetime
    ends: datetime


def spans(opened_at: datetime, done_at: datetime, days: int) -> tuple[Span, Span]:
    """So many days before it was opened, and as many from when it was done.

    What lies between is in neither: there it was being put right.
    """
    length = timedelta(days=days)
    return Span(opened_at - length, opened_at), Span(done_at, done_at + length)


def rate(found: int, of: int) -> float:
    """How many of a thousand complaints."""
    return round(found / of * PER, 1) if of else 0.0


def worked(before: int, before_of: int, after: int, after_of: int, target_percent: int) -> bool:
    """Whether the numbers say that it helped: per thousand complaints, it fell by the target.

    Where there was none before, there must be none after.
    """
    if not before or not after:
        return not after
    allowed = before / max(before_of, 1) * (100 - target_percent) / 100
    return after / max(after_of, 1) <= allowed


def share(part: int, whole: int) -> int | None:
    """In per cent; None of nothing."""
    return round(part * 100 / whole) if whole else None
