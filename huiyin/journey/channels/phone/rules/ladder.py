"""The ladder for abusive calls: which step is next, and whether the call may be ended. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from huiyin.journey.channels.phone.words import Allows


@dataclass(frozen=True)
class Step:
    pk: int
    allows: str


def next_step(steps: Sequence[Step], said: Collection[int]) -> Step | None:
    """The first that was not said yet; the last one ends the call."""
    return next((one for one in steps if one.pk not in said), None)


def left_out(steps: Sequence[Step], said: Collection[int], wanted: int) -> list[int]:
    """Warnings that must be said before the step that is wanted; a calm word may be left out."""
    before: list[int] = []
    for one in steps:
        if one.pk == wanted:
            break
        if one.allows == Allows.WARN and one.pk not in said:
            before.append(one.pk)
    return before


def may_end(steps: Sequence[Step], said: Collection[int]) -> bool:
    """Only after every warning, and after one at least: an empty ladder ends no call."""
    warnings = [one.pk for one in steps if one.allows == Allows.WARN]
    return bool(warnings) and all(pk in said for pk in warnings)
