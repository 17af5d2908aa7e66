"""Which policy, and how far along a clock is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FLOORS = {1: "SLA-CRIT", 2: "SLA-URG"}  # the severity that was found asks for at least this
ORDER = ("SLA-CRIT", "SLA-REG", "SLA-URG", "SLA-STD", "SLA-CPX", "SLA-ADV")


def policies_for(category_sla: str, severity: int | None, channel: str) -> tuple[str, ...]:
    """Codes of every policy that applies; each limit is the earliest of them.

    The category has one; S1 and S2 add theirs; what a regulator sent has the regulator's too.
    """
    wanted = [category_sla or "SLA-STD"]
    if severity in FLOORS:
        wanted.append(FLOORS[severity])
    if channel == "regulator":
        wanted.append("SLA-REG")
    return tuple(dict.fromkeys(wanted))


@dataclass(frozen=True)
class Limit:
    """One candidate for a clock: whose it is and when it would be due."""

    policy: str
    term: int
    due_at: datetime


def earliest(limits: Iterable[Limit]) -> Limit | None:
    """The earliest limit counts; among equals the stricter policy gives its name."""

    def rank(limit: Limit) -> tuple[datetime, int]:
        known = limit.policy in ORDER
        return limit.due_at, ORDER.index(limit.policy) if known else len(ORDER)

    return min(limits, key=rank, default=None)


def warn_at(start: datetime, due: datetime, percent: int) -> datetime:
    """When `percent` of the time has passed."""
    return start + (due - start) * percent / 100


def share_left(start: datetime, due: datetime, now: datetime) -> float:
    """1.0 at the start, 0.0 when due, below when late."""
    whole = (due - start) / timedelta(seconds=1)
    return ((due - now) / timedelta(seconds=1)) / whole if whole > 0 else 0.0
