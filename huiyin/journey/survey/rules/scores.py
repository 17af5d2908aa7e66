"""CSAT, NPS, CES as domain §5.1 has them (K22–K24), and what is too few to be told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEW = 30  # below it a figure is greyed: chance speaks louder than the customers
FEWEST_SHOWN = 5  # below it those who are judged are told nothing: they would know who said it
SATISFIED = (4, 5)
PROMOTERS = (9, 10)
DETRACTORS = tuple(range(7))
EASY = (5, 6, 7)
Counts = Mapping[int, int]  # how many chose each score


@dataclass(frozen=True)
class Score:
    """A figure with its denominator. `value` is None when nobody answered."""

    value: float | None
    of: int
    parts: tuple[int, ...] = ()  # of NPS: promoters, passives, detractors; of others: the good

    @property
    def is_few(self) -> bool:
        return self.of < FEW


def csat(counts: Counts) -> Score:
    """Satisfied answers (4–5 of 5) ÷ answers × 100."""
    of, good = sum(counts.values()), _sum(counts, SATISFIED)
    return Score(100 * good / of if of else None, of, (good,))


def nps(counts: Counts) -> Score:
    """% of 9–10 less % of 0–6: from −100 to 100."""
    of = sum(counts.values())
    best, worst = _sum(counts, PROMOTERS), _sum(counts, DETRACTORS)
    value = 100 * (best - worst) / of if of else None
    return Score(value, of, (best, of - best - worst, worst))


def ces(counts: Counts) -> Score:
    """The mean of 1 (very laborious) to 7 (no effort at all); beside it how many said 5–7."""
    of = sum(counts.values())
    total = sum(score * n for score, n in counts.items())
    return Score(total / of if of else None, of, (_sum(counts, EASY),))


def _sum(counts: Counts, scores: tuple[int, ...]) -> int:
    return sum(counts.get(score, 0) for score in scores)


def rate(part: int, whole: int) -> float | None:
    """Response rate: answered ÷ sent × 100."""
    return 100 * part / whole if whole else None


def is_low(scores: Mapping[str, int], limits: Mapping[str, int | None]) -> bool:
    """Whether any score is at or below the limit set for its kind; None: none is set."""
    return any(
        (limit := limits.get(kind)) is not None and score <= limit for kind, score in scores.items()
    )
