"""Questions and their branches, answers, figures, whom to ask. Pure."""

from huiyin.journey.survey.rules.answers import LONGEST_LINE, LONGEST_TEXT, Taken, shown, taken
from huiyin.journey.survey.rules.asking import (
    REST,
    SENSITIVE_RISKS,
    is_sampled,
    is_sensitive,
    why_not,
)
from huiyin.journey.survey.rules.questions import (
    MOST_QUESTIONS,
    SCALES,
    Wrong,
    attributes,
    checked,
    moved,
    next_key,
    publishable,
)
from huiyin.journey.survey.rules.scores import (
    FEW,
    FEWEST_SHOWN,
    Score,
    ces,
    csat,
    is_low,
    nps,
    rate,
)

__all__ = [
    "FEW",
    "FEWEST_SHOWN",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "MOST_QUESTIONS",
    "REST",
    "SCALES",
    "SENSITIVE_RISKS",
    "Score",
    "Taken",
    "Wrong",
    "attributes",
    "ces",
    "checked",
    "csat",
    "is_low",
    "is_sampled",
    "is_sensitive",
    "moved",
    "next_key",
    "nps",
    "publishable",
    "rate",
    "shown",
    "taken",
    "why_not",
]
