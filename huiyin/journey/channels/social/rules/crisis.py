"""When a post is a crisis: who wrote it, in which words, how many say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ALIKE = 0.5  # of all pairs of characters that two posts have


@dataclass(frozen=True)
class Signal:
    kind: str
    pattern: str
    least: int
    severity: int


@dataclass(frozen=True)
class Found:
    """A signal that fits, and the figure or word by which it does."""

    signal: Signal
    what: str


def found(
    signals: Iterable[Signal], *, text: str, reach: int | None, others: Iterable[str]
) -> list[Found]:
    """`others`: posts of other authors within the hour before."""
    folded = text.casefold()
    like_it = sum(alike(text, one) >= ALIKE for one in others)
    seen = []
    for one in signals:
        if one.kind == "word" and one.pattern and one.pattern.casefold() in folded:
            seen.append(Found(one, one.pattern))
        elif one.kind == "reach" and reach is not None and reach >= one.least:
            seen.append(Found(one, str(reach)))
        elif one.kind == "similar" and like_it + 1 >= one.least:
            seen.append(Found(one, str(like_it + 1)))
    return [*(one for one in seen if one.signal.kind == "word"), *_heaviest(seen)]


def _heaviest(seen: list[Found]) -> Iterator[Found]:
    """Of figures that pass several limits the highest limit says all."""
    for kind in ("reach", "similar"):
        passed = [one for one in seen if one.signal.kind == kind]
        if passed:
            yield max(passed, key=lambda one: one.signal.least)


def alike(one: str, other: str) -> float:
    """Shared pairs of characters, of all: 1 is the same, 0 nothing in common."""
    mine, theirs = _pairs(one), _pairs(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in text.casefold() if c.isalnum())[:2000]
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
