"""Levels, amounts, when a rule fires. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from huiyin.journey.intake.rules import is_old
from huiyin.journey.supervision.words import Ending, Level, Stage, Trigger

LADDER = tuple(Level.values)
LONGEST_REASON = 500  # characters
LONGEST_MEASURES = 5000
MOST_FILES = 10  # with one filing
MOST_AMOUNT = 365
BLOCKS_CLOSING = (Level.POSTED, Level.SUMMONS)  # an ordinary one may be lifted after the closing


def higher(one: str, other: str) -> bool:
    """Whether level `one` is above `other`; "" is below all."""
    return _rank(one) > _rank(other)


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=_rank, default="")


def next_above(level: str) -> str:
    """The level after this one; the highest stays."""
    return LADDER[min(_rank(level) + 1, len(LADDER) - 1)]


def _rank(level: str) -> int:
    return LADDER.index(level) if level in LADDER else -1


def is_limit(amount: float, unit: str) -> bool:
    """More than nothing, at most a year, and days whole."""
    whole = unit not in ("days", "work_days") or amount == int(amount)
    return 0 < amount <= MOST_AMOUNT and whole


def may_lift(ending: str, stage: str, *, goes_on: bool) -> bool:
    """Done needs accepted measures, or a complaint that has ended; a mistake is taken back."""
    return ending == Ending.MISTAKEN or stage == Stage.ACCEPTED or not goes_on


def trigger_of(what: str, facts: Mapping[str, Any]) -> list[str]:
    """Which triggers an event may be: whether they are is asked of the complaint."""
    if what == "received" and is_old(str(facts.get("via"))):
        return []  # a file of old complaints is no news
    if what == "clock_missed":
        kinds = {
            "supervision": Trigger.UNHEEDED,
            "task": Trigger.TASK_LATE,
            "task_sign_in": Trigger.TASK_LATE,
            "resolution": Trigger.OVERDUE,
        }
        found = kinds.get(str(facts.get("kind")))
        return [found] if found else []
    return list(map(str, BY_EVENT.get(what, ())))


BY_EVENT: dict[str, tuple[Trigger, ...]] = {
    "received": (Trigger.REPEATS, Trigger.MASS, Trigger.REGULATOR),  # triaged by then
    "reclassified": (Trigger.MASS,),
    "customer_wrote": (Trigger.REPEATS,),
    "urged": (Trigger.REPEATS,),
    "incident_joined": (Trigger.MASS,),
    "reworked": (Trigger.MISHANDLED,),
    "policy_attached": (Trigger.REGULATOR,),
}
# How often before it counts, where a trigger counts at all.
LEAST = {Trigger.REPEATS: 3, Trigger.MISHANDLED: 2, Trigger.MASS: 1}
