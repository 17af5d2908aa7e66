"""Which policy, and how far along a clock is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

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
    due_at: datetime
    fixed: bool = False  # set by a document: not counted, and moved by nothing


def rank(limit: Limit) -> tuple[datetime, int]:
    """The earliest limit counts; among equals the stricter policy gives its name."""
    known = limit.policy in ORDER
    return limit.due_at, ORDER.index(limit.policy) if known else len(ORDER)


def warn_at(start: datetime, due: datetime, percent: int) -> datetime:
    """When `percent` of the time has passed."""
    return start + (due - start) * percent / 100


def is_amount(amount: float, unit: str) -> bool:
    """Whether it can be counted: more than nothing, and days whole."""
    return amount > 0 and (unit not in ("days", "work_days") or amount == int(amount))


def read_amount(typed: str) -> Decimal | None:
    """A typed amount as a number; None when it is none."""
    try:
        found = Decimal(typed.strip())
    except ArithmeticError:
        return None
    return found if found.is_finite() else None
