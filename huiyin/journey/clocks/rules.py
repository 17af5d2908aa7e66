"""Which policy, how far along a clock is, and where the rungs of its ladder stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.ground.worktime.rules import WorkCalendar, after, before, due_at

LONGEST_STEP = 3650
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


def warn_at(start: datetime, due: datetime, percent: float) -> datetime:
    """When `percent` of the time has passed."""
    return start + (due - start) * percent / 100


def read_steps(text: str) -> tuple[float, ...]:
    """“15+30”: at most fifteen the first time and thirty the second. Raises ValueError."""
    steps = tuple(float(part) for part in text.replace("＋", "+").split("+") if part.strip())
    if any(not 0 < step <= LONGEST_STEP for step in steps):
        raise ValueError(text)
    return steps


def room(most: float, granted: list[float], steps: tuple[float, ...] = ()) -> float:
    """How much more may be granted at once: what is left of all, and of the next step if any."""
    left = max(most - sum(granted), 0.0)
    if not steps:
        return left
    return min(left, steps[len(granted)]) if len(granted) < len(steps) else 0.0


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


@dataclass(frozen=True)
class Step:
    """Where a rung stands: a share of the time, or so far from its start or its end."""

    measure: str
    amount: float
    unit: Any  # a Unit; "" for a share
    min_work_days: int = 0


def rung_at(
    step: Step, start: datetime, due: datetime, calendar: WorkCalendar, *, work_days: int
) -> datetime | None:
    """The moment of a rung; None where the limit, `work_days` long, is too short to have it."""
    if work_days < step.min_work_days:
        return None
    if step.measure == "percent":
        return warn_at(start, due, step.amount)
    if step.measure == "since":
        return due_at(start, step.amount, step.unit, calendar)
    if step.measure == "after":
        return after(due, step.amount, step.unit, calendar)
    found = before(due, step.amount, step.unit, calendar)
    return found if found > start else None


def fits(kinds: Iterable[str], policies: Iterable[str], kind: str, policy: str) -> bool:
    """Whether a ladder for these kinds and policies ("CN-*") is for such a clock."""
    named = list(policies)
    if kind not in kinds:
        return False
    return not named or any(_names(one, policy) for one in named)


def _names(pattern: str, policy: str) -> bool:
    if pattern.endswith("*"):
        return policy.startswith(pattern[:-1])
    return pattern == policy
