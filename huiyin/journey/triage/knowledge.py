"""What the rules know, kept in memory: lexicon, taxonomy, severity table, handling rules.

Reading a complaint must cost no query. The rows change seldom; a counter (models.Edition) is
looked at every few seconds, and the words are read again only when it has moved.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from huiyin.ground import remembered
from huiyin.journey.triage import models, rules


@dataclass(frozen=True)
class Knowledge:
    """One edition of the words."""

    edition: int
    lexicon: rules.Lexicon
    rows: dict[str, rules.CategoryRow]
    table: tuple[rules.PointRow, ...]
    categories: dict[str, models.Category]
    labels: dict[str, models.SeverityPoint]
    handling: dict[str, models.HandlingRule]
    looked_at: list[float] = field(default_factory=lambda: [time.monotonic()])
    drawn: dict[str, Any] = field(default_factory=dict)  # what pages made of it, by language

    def path(self, code: str) -> str:
        """ "安全 / 食用后腹泻": the heading and the category itself, in the reader's language."""
        category = self.categories.get(code)
        if category is None:
            return ""
        top = self.categories.get(code.split(".")[0])
        return category.name if top is None or top is category else f"{top.name} / {category.name}"


_current: Knowledge | None = None


def current() -> Knowledge:
    """The words as they are now, at most some seconds old."""
    global _current
    known = _current
    if known is not None:
        if remembered.fresh(known.looked_at[0]):
            return known
        if models.Edition.now() == known.edition:
            known.looked_at[0] = time.monotonic()
            return known
    _current = known = _read()
    return known


def forget() -> None:
    """Read everything again at the next use."""
    global _current
    _current = None


def _read() -> Knowledge:
    edition = models.Edition.now()
    categories = {c.code: c for c in models.Category.objects.all()}
    rows = {
        c.code: rules.CategoryRow(
            c.code, c.parent_id or "", c.severity, c.nature, rules.parse_seeds(c.seeds)
        )
        for c in categories.values()
        if c.retired_at is None
    }
    points = list(models.SeverityPoint.objects.filter(enabled=True))
    phrases = models.RiskPhrase.objects.filter(enabled=True)
    emotion_words = models.EmotionWord.objects.filter(enabled=True)
    return Knowledge(
        edition=edition,
        lexicon=rules.Lexicon.build(
            [rules.Phrase(p.group, p.pattern, p.weight) for p in phrases],
            [rules.EmotionWord(w.word, w.emotion, w.strength) for w in emotion_words],
            rows.values(),
        ),
        rows=rows,
        table=tuple(rules.PointRow(p.key, p.part, p.points, p.threshold) for p in points),
        categories=categories,
        labels={p.key: p for p in models.SeverityPoint.objects.all()},
        handling={h.code: h for h in models.HandlingRule.objects.all()},
    )


def preview(
    text: str,
    *,
    contact_count: int = 1,
    level: str = "normal",
    category: str = "",
    channel: str = "",
    wanted: str = "",
) -> rules.Reading:
    """Read a text as it would be read on receipt. Writes nothing.

    `category` is one that a person chose; unknown and retired ones are left out of account.
    """
    known = current()
    return rules.read(
        text,
        lexicon=known.lexicon,
        categories=known.rows,
        table=known.table,
        facts=rules.Facts(
            channel=channel,
            contact_count=contact_count,
            level=level,
            category=category,
            wanted=wanted,
        ),
    )
