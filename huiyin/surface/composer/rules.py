"""Which remedies are proposed, in which order; and precedents as figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

MOST_PROPOSED = 3  # 1–3 options (source 001)
ENOUGH = 5  # so many precedents of the category itself, else its group is asked
LEVELS = (3, 2, 1)


def levels(category: str) -> tuple[str, str, str]:
    """PD.01.02 → PD, PD.01, PD.01.02; a level that is not there is the one above."""
    parts = category.split(".")
    first, second, third = (".".join(parts[: n + 1]) for n in range(3))
    return first, second, third


@dataclass(frozen=True)
class Candidate:
    """A remedy whose condition holds, with what speaks for it."""

    code: str
    depth: int  # how exactly its condition names the category: 0 not at all, 3 itself
    wanted: bool  # the customer asked for it
    used: int = 0  # how often similar complaints ended so
    satisfied: int = 0  # and how often the customer was content
    chosen_by_finding: bool = False  # its condition asks for a liability, and it is so


def score(one: Candidate) -> float:
    """What the customer asked for counts most, then how exactly it fits, then what worked."""
    worked = 0.0
    if one.used:
        worked = min(one.used, 5) * 0.3 + 2 * one.satisfied / one.used
    return 6 * one.wanted + one.depth + worked + one.chosen_by_finding


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first; the same order every time."""
    return sorted(candidates, key=lambda one: (-score(one), one.code))[:MOST_PROPOSED]


@dataclass(frozen=True)
class Ended:
    """How one similar complaint ended."""

    complaint_id: int
    remedy: str
    amount_fen: int
    outcome: str
    satisfaction: str


@dataclass(frozen=True)
class Figure:
    """One remedy among the precedents: how often, how content, for how much."""

    remedy: str
    used: int
    satisfied: int
    answered: int
    middle_fen: int
    least_fen: int
    most_fen: int


def figures(rows: Sequence[Ended]) -> list[Figure]:
    """One line for each remedy, the most used first."""
    counted = Counter(row.remedy for row in rows)
    return [
        _figure(code, [r for r in rows if r.remedy == code]) for code, _n in counted.most_common()
    ]


def _figure(code: str, rows: Sequence[Ended]) -> Figure:
    money = sorted(row.amount_fen for row in rows if row.amount_fen)
    answered = [row for row in rows if row.satisfaction != "unknown"]
    return Figure(
        remedy=code,
        used=len(rows),
        satisfied=sum(row.satisfaction == "satisfied" for row in answered),
        answered=len(answered),
        middle_fen=median_low(money) if money else 0,
        least_fen=money[0] if money else 0,
        most_fen=money[-1] if money else 0,
    )
