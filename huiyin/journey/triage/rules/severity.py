"""How serious: points by an editable table, the category's default, and floors (domain §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

PARTS = ("impact", "emotion", "spread", "recurrence")
MILDEST = 4
# A guessed category speaks for severity from here on, before that what no category fits does.
# S1 by a guess alone needs a person.
TRUSTED = 0.4


@dataclass(frozen=True, slots=True)
class PointRow:
    """A row of the severity table. `points`: score, or the severity of a floor; `threshold` ≥."""

    key: str
    part: str
    points: int
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the explanation: which row counted, how much, because of which words."""

    key: str
    points: int
    because: str = ""


@dataclass(frozen=True)
class Circumstance:
    """What is known when severity is judged."""

    risks: Mapping[str, str] = field(default_factory=dict)  # group → the words
    hazard: str = ""
    amount: Decimal = Decimal(0)
    amount_words: str = ""
    scope: str = "single"
    scope_words: str = ""
    outage: str = ""
    intensity: int = 0
    emotion_words: str = ""
    contacts: int = 1
    category: str = ""
    category_severity: int | None = None
    nature: str = ""
    settled: bool = False  # the category was chosen by a person


@dataclass(frozen=True, slots=True)
class Verdict:
    severity: int
    score: int
    points: tuple[Point, ...]


def judge(table: Iterable[PointRow], facts: Circumstance) -> Verdict:
    """The severity 1–4 (1 = most serious) and every line that led there."""
    rows = list(table)
    caps = {row.key.removeprefix("cap."): row.points for row in rows if row.part == "cap"}
    points: list[Point] = []
    score = 0
    for part in PARTS:
        found = _part([row for row in rows if row.part == part], facts)
        points += found
        score += min(sum(point.points for point in found), caps.get(part, 99))
    severity = _band(rows, score)
    points.append(Point("score", score))
    by_category = _by_category(facts)
    if by_category is not None:
        points.append(Point("category", by_category, facts.category))
        severity = min(severity, by_category)
    for row in rows:
        if row.part == "floor" and (words := _floor(row.key.removeprefix("floor."), facts)):
            points.append(Point(row.key, row.points, words))
            severity = min(severity, row.points)
    return Verdict(severity, score, tuple(points))


def _part(rows: list[PointRow], facts: Circumstance) -> list[Point]:
    """Rows that differ in threshold only (…​.1, .2) count once, with the highest reached."""
    best: dict[str, Point] = {}
    for row in rows:
        words = _applies(row, facts)
        if words is None:
            continue
        stem = row.key.rstrip("0123456789").rstrip(".") if row.threshold is not None else row.key
        if stem not in best or best[stem].points < row.points:
            best[stem] = Point(row.key, row.points, words)
    return list(best.values())


def _applies(row: PointRow, facts: Circumstance) -> str | None:
    key, least = row.key, row.threshold or 0
    if key.startswith("impact.amount."):
        return facts.amount_words if facts.amount and facts.amount >= Decimal(str(least)) else None
    if key.startswith("impact.scope."):
        return facts.scope_words if key.endswith("." + facts.scope) else None
    if key == "impact.harm":
        return facts.risks.get("safety") or facts.risks.get("self_harm")
    if key == "impact.hazard":
        return facts.hazard or None
    if key == "impact.vulnerable":
        return facts.risks.get("vulnerable")
    if key == "impact.outage":
        return facts.outage or None
    if key.startswith("emotion."):
        return facts.emotion_words if facts.intensity >= least else None
    if key.startswith("recurrence."):
        return str(facts.contacts) if facts.contacts >= least else None
    if key.startswith("spread."):
        return facts.risks.get(key.removeprefix("spread."))
    return None


def _floor(key: str, facts: Circumstance) -> str:
    if key.startswith("NAT."):
        return facts.category if facts.nature == key else ""
    return facts.risks.get(key, "")


def _by_category(facts: Circumstance) -> int | None:
    if facts.category_severity is None:
        return None
    return facts.category_severity if facts.settled else max(2, facts.category_severity)


def _band(rows: list[PointRow], score: int) -> int:
    reached = [int(row.key[-1]) for row in rows if row.part == "band" and score >= row.points]
    return min(reached, default=MILDEST)
