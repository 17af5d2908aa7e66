"""When a story is long, and the eight milestones of the follow-up form. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONG_STORY = 500  # lines from which on it is drawn by the worker


@dataclass(frozen=True)
class Happened:
    """What the form needs of an event."""

    what: str
    at: datetime
    by: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Milestone:
    """One row of the tracking table: its name, and when, by whom, with which remark."""

    key: str
    at: datetime | None = None
    by: str = ""
    facts: Mapping[str, Any] | None = None


# The milestones of ISO 10002 (Annex F): which events are one, and whether the first or the last
# counts. A correction is what keeps it from coming again: the improvement.
MILESTONES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("acknowledged", ("received",), True),
    ("assessed", ("triaged", "reclassified"), True),
    ("investigated", ("found",), False),
    ("resolved", ("executed",), False),
    ("informed", ("fed_back", "rejected"), False),
    ("corrected", ("improvement_done",), False),
    ("verified", ("improvement_verified",), False),
    ("closed", ("closed", "rejected", "withdrawn"), False),
)
OF_MILESTONES = frozenset(what for _key, whats, _first in MILESTONES for what in whats)


def milestones(events: Iterable[Happened], *, is_open: bool) -> list[Milestone]:
    """The eight of them in order; those that have not been reached are empty.

    A complaint that was reopened is not closed, whatever its story says of before.
    """
    told = list(events)
    found = []
    for key, whats, first in MILESTONES:
        fitting = [one for one in told if one.what in whats]
        if not fitting or (key == "closed" and is_open):
            found.append(Milestone(key))
            continue
        one = fitting[0] if first else fitting[-1]
        found.append(Milestone(key, one.at, one.by, one.facts))
    return found
