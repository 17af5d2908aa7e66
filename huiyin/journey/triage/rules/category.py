"""What a complaint is about: seeds of the taxonomy, summed, the best three with confidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from huiyin.journey.triage.rules.lexicon import Hit
from huiyin.journey.triage.rules.spans import Spans

UNKNOWN = "OT.04.01"
LEAST = 2.0  # below that nothing speaks for a category
# What belongs to the parent speaks for a child that has a word of its own.
FROM_PARENT = 0.5
# 再不处理就曝光 says what the customer will do, not what the matter is: it stands back behind one.
THREATENED = "OT.01.02"
IF_THERE_IS_A_MATTER = 0.3
MARGIN = 3.0
MOST_SURE = 0.95
GUESSES = 3
ORDINARY_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """What the rules need of a category. `seeds`: patterns with weight, e.g. (("漏电", 7.0), …)."""

    code: str
    parent: str
    severity: int
    nature: str
    seeds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Guess:
    """`spans` are the finds in the normal text that speak for `code`."""

    code: str
    confidence: float
    score: float
    spans: tuple[tuple[int, int], ...] = ()


def parse_seeds(text: str) -> tuple[tuple[str, float], ...]:
    """`漏电:7|起火` → (("漏电", 7.0), ("起火", 2.0))."""
    seeds = []
    for part in text.split("|"):
        word, _, weight = part.strip().rpartition(":")
        try:
            seed = (word, float(weight)) if word else (part.strip(), ORDINARY_WEIGHT)
        except ValueError:
            seed = (part.strip(), ORDINARY_WEIGHT)
        if seed[0]:
            seeds.append(seed)
    return tuple(seeds)


def guesses(
    hits: Sequence[Hit[Seed]],
    rows: Mapping[str, CategoryRow],
    *,
    blocked: Collection[tuple[int, int]] = (),
    boosts: Mapping[str, float] | None = None,
) -> tuple[Guess, ...]:
    """The best three, most likely first; (UNKNOWN,) when nothing speaks.

    `blocked` are spans that are not so (没有漏电); `boosts` are points from risks found.
    """
    scores: dict[str, float] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    seen: set[tuple[Seed, int]] = set()
    not_so = Spans(blocked)
    for hit in _longest(hits):
        if not_so.touch(hit.start, hit.end):
            continue
        mark = (hit.key, hit.end - hit.start)
        worth = hit.key.weight * (0.15 if mark in seen else 1.0)
        seen.add(mark)
        scores[hit.key.code] = scores.get(hit.key.code, 0.0) + worth
        spans.setdefault(hit.key.code, []).append((hit.start, hit.end))
    for code, points in (boosts or {}).items():
        if code in scores and code in rows:
            scores[code] += points
    if any(score >= LEAST and not code.startswith("OT") for code, score in scores.items()):
        scores[THREATENED] = scores.get(THREATENED, 0.0) * IF_THERE_IS_A_MATTER
    ranked = [one for one in _ranked(scores, rows) if one[1] > 0]
    if not ranked or ranked[0][1] < LEAST:
        return (Guess(UNKNOWN, 0.1, 0.0),)
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    best: list[Guess] = []
    for code, score in ranked[:GUESSES]:
        rival = second if not best else ranked[0][1]
        sure = min(MOST_SURE, score / (score + rival + MARGIN))
        best.append(Guess(code, round(sure, 2), round(score, 1), tuple(spans.get(code, ())[:6])))
    return tuple(best)


def _longest(hits: Sequence[Hit[Seed]]) -> list[Hit[Seed]]:
    """Without finds that lie inside a longer literal one (质量 inside 服务质量)."""
    kept: list[Hit[Seed]] = []
    start = reach = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.end <= reach and (hit.start, hit.end) != (start, reach):
            continue
        kept.append(hit)
        if hit.literal and hit.end > reach:
            start, reach = hit.start, hit.end
    return kept


def _ranked(
    scores: Mapping[str, float], rows: Mapping[str, CategoryRow]
) -> list[tuple[str, float]]:
    total: dict[str, float] = {}
    with_child: set[str] = set()
    for code, score in scores.items():
        row = rows.get(code)
        if row is None:
            continue
        is_leaf = code.count(".") == 2
        if is_leaf:
            with_child.add(row.parent)
            score += FROM_PARENT * scores.get(row.parent, 0.0)
        total[code] = score
    # A heading stands for itself only where none of its children has a word.
    named = {code: score for code, score in total.items() if "." in code and code not in with_child}
    return sorted(named.items(), key=lambda one: (-one[1], one[0]))
