"""Promises in words: dates, amounts, clauses; and what the ledger judges. Pure."""

from huiyin.journey.promises.rules.clauses import LONGEST, Detected, detect
from huiyin.journey.promises.rules.dates import told, told_in_english, workday_end
from huiyin.journey.promises.rules.ledger import due_is_sensible, kept_rate, origin_of
from huiyin.journey.promises.rules.wording import after_application, with_date

__all__ = [
    "LONGEST",
    "Detected",
    "after_application",
    "detect",
    "due_is_sensible",
    "kept_rate",
    "origin_of",
    "told",
    "told_in_english",
    "with_date",
    "workday_end",
]
