"""Judgement about steps: which one pays, when all will be done, what a sum amounts to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huiyin.journey.execution.words import Doer, StepState

RUNNING = (StepState.OPEN, StepState.ACCEPTED, StepState.FAILED, StepState.MISMATCH)
OPEN = (StepState.PLANNED, *RUNNING)
TROUBLED = (StepState.FAILED, StepState.MISMATCH)
LONGEST_PROOF = 300
LONGEST_REASON = 300
LATEST_DAYS = 366


@dataclass(frozen=True)
class Asked:
    """A step as the remedy asks for it."""

    what_zh: str
    what_en: str
    doer: Doer
    code: str
    days: int


def read(row: Mapping[str, Any]) -> Asked:
    """{"what_zh", "what_en", "by": "department:warehouse", "days"} as it stands in a remedy."""
    doer, _colon, code = str(row.get("by", Doer.HANDLER)).partition(":")
    return Asked(
        what_zh=str(row.get("what_zh", ""))[:120],
        what_en=str(row.get("what_en", ""))[:120],
        doer=Doer(doer) if doer in Doer.values else Doer.HANDLER,
        code=code[:40],
        days=max(1, int(row.get("days") or 1)),
    )


def pays(steps: Sequence[Asked]) -> int:
    """The place of the step that moves the money: finance, an outside system, else the last."""
    for doer in (Doer.FINANCE, Doer.SYSTEM):
        for place, step in enumerate(steps):
            if step.doer == doer:
                return place
    return len(steps) - 1


def is_later(forecast: date, told: date) -> bool:
    """Whether the customer must hear of it: once per change, never of less than he knows."""
    return forecast > told


@dataclass(frozen=True)
class Sum:
    """What was paid of what was agreed, in fen."""

    agreed: int
    paid: int

    @property
    def left(self) -> int:
        return self.agreed - self.paid

    def judge(self, paying: int, *, partial: bool) -> str:
        """Why this payment is not taken: nothing, more, less; "" when it is."""
        if paying <= 0:
            return "nothing"
        if paying > self.left:
            return "more"
        return "less" if paying < self.left and not partial else ""


def percent(done: int, whole: int) -> int:
    return round(100 * done / whole) if whole else 0


def counts_from(now: datetime, due: datetime, *, troubled: bool) -> datetime | None:
    """From when the days of a step are counted once more: now, when it is late or in trouble;
    None while its own limit still holds."""
    return now if troubled or due <= now else None
