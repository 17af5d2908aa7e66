"""Reading a complaint by rules: `read(text, lexicon=…, categories=…, table=…, facts=…)`. Pure."""

from huiyin.journey.triage.rules.category import CategoryRow, Guess, parse_seeds
from huiyin.journey.triage.rules.lexicon import EmotionWord, Phrase
from huiyin.journey.triage.rules.reading import (
    RULE_VERSION,
    Evidence,
    Facts,
    Lexicon,
    Reading,
    read,
)
from huiyin.journey.triage.rules.severity import Point, PointRow

__all__ = [
    "RULE_VERSION",
    "CategoryRow",
    "EmotionWord",
    "Evidence",
    "Facts",
    "Guess",
    "Lexicon",
    "Phrase",
    "Point",
    "PointRow",
    "Reading",
    "parse_seeds",
    "read",
]
