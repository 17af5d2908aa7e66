"""Who gets it: judgement only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# An S1 weighs as much as four small ones: load is work, not a count.
WEIGHT = {1: 4, 2: 2, 3: 1, 4: 1}
URGE_AGAIN_AFTER = timedelta(hours=4)  # domain §7.3: at most one a customer in four hours
BY_ANOTHER_AFTER = 2  # reworks after which whoever had it before does not get it again
LONGEST_NOTE = 300  # characters; more belongs into a note of the story
MOST_HOPS = 3  # after three hand-overs a supervisor decides


def route_for(category: str, routes: Mapping[str, int]) -> int | None:
    """The team of the longest prefix of the category: SF.02.01, then SF.02, then SF, then ""."""
    parts = category.split(".") if category else []
    for length in range(len(parts), 0, -1):
        team = routes.get(".".join(parts[:length]))
        if team is not None:
            return team
    return routes.get("")


@dataclass(frozen=True)
class Load:
    person: int
    weight: int
    last_given_at: datetime | None = None


def least_loaded(loads: Iterable[Load]) -> int | None:
    """Whoever carries least; among equals whoever waited longest; then the lower id."""
    ordered = sorted(
        loads,
        key=lambda load: (
            load.weight,
            load.last_given_at.timestamp() if load.last_given_at else 0.0,
            load.person,
        ),
    )
    return ordered[0].person if ordered else None


def may_urge(last_at: datetime | None, now: datetime) -> bool:
    return last_at is None or now - last_at >= URGE_AGAIN_AFTER
