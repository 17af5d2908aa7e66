"""The verbs of supervision: beginning, raising, filing, reviewing, lifting; and by rule."""

from huiyin.journey.supervision.actions.answering import file_measures, review, waiting_for
from huiyin.journey.supervision.actions.by_rule import fire_rules, follow_clock
from huiyin.journey.supervision.actions.watching import begin, lift, raise_level, term_of

__all__ = [
    "begin",
    "file_measures",
    "fire_rules",
    "follow_clock",
    "lift",
    "raise_level",
    "review",
    "term_of",
    "waiting_for",
]
