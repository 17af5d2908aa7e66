"""Who gets it: judgement only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from huiyin.journey.routing.words import Why

# An S1 weighs as much as four small ones: load is work, not a count.
WEIGHT = {1: 4, 2: 2, 3: 1, 4: 1}
COLLEAGUE_AGAIN_AFTER = timedelta(hours=1)  # the same colleague; another one may
URGE_AGAIN_AFTER = timedelta(hours=4)  # domain §7.3: at most one a customer in four hours
BY_ANOTHER_AFTER = 2  # reworks after which whoever had it before does not get it again
LONGEST_NOTE = 300  # characters; more belongs into a note of the story
MOST_ANGRY_IN_ROW = 2
GRAVE = (1, 2)
FAIR_OVER = timedelta(days=7)  # S1 and S2 of so long are counted
MOST_HOPS = 3  # after three hand-overs a supervisor decides


def route_for(category: str, routes: Mapping[str, int]) -> int | None:
    """The team of the longest prefix of the category: SF.02.01, then SF.02, then SF, then ""."""
    parts = category.split(".") if category else []
    for length in range(len(parts), 0, -1):
        team = routes.get(".".join(parts[:length]))
        if team is not None:
            return team
    return routes.get("")


Reason: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Candidate:
    """Somebody who is here, and what speaks for and against giving him one more."""

    person: int
    weight: int = 0  # of what he carries
    last_given_at: datetime | None = None
    grave: int = 0  # S1 and S2 given to him lately
    angry_in_row: int = 0  # angry customers one after the other, up to now
    missing: int = 0  # wanted skills that he has not
    level: int = 0  # how well he can the wanted ones


@dataclass(frozen=True)
class Chosen:
    person: int
    why: tuple[Reason, ...]


def choose(
    candidates: Iterable[Candidate], *, grave: bool = False, angry: bool = False, wanted: int = 0
) -> Chosen | None:
    """Who gets it, and the reasons that decided.

    First whoever has most of the skills that are `wanted`; of these nobody a third angry customer
    in a row if another can take it; S1 and S2 to whoever had fewest lately; then whoever carries
    least; then the most skilled; then whoever waited longest.
    """
    people = list(candidates)
    if not people:
        return None
    why: list[Reason] = []
    fewest = min(one.missing for one in people)
    able = [one for one in people if one.missing == fewest]
    if wanted:
        why.append({"why": Why.SKILLED if fewest == 0 else Why.UNSKILLED, "lacks": fewest})
    fresh = [one for one in able if one.angry_in_row < MOST_ANGRY_IN_ROW]
    if angry and fresh and len(fresh) < len(able):
        why.append({"why": Why.SPARED, "count": len(able) - len(fresh)})
        able = fresh
    rested = min(one.grave for one in able)
    if grave and any(one.grave > rested for one in able):
        why.append({"why": Why.ROTATED, "count": rested})
        able = [one for one in able if one.grave == rested]
    found = min(able, key=_least)
    if len(people) == 1:
        why.append({"why": Why.ONLY})
    elif len(able) > 1:
        why.append({"why": Why.LEAST, "weight": found.weight, "of": len(able)})
    return Chosen(found.person, tuple(why))


def in_row(latest: Iterable[bool]) -> int:
    """How many were angry one after the other, the last one first."""
    count = 0
    for angry in latest:
        if not angry:
            break
        count += 1
    return count


def _least(one: Candidate) -> tuple[int, int, float, int]:
    last = one.last_given_at.timestamp() if one.last_given_at else 0.0
    return (one.weight, -one.level, last, one.person)


def may_urge(
    last_at: datetime | None, now: datetime, *, again_after: timedelta = URGE_AGAIN_AFTER
) -> bool:
    return last_at is None or now - last_at >= again_after
