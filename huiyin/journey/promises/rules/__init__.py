"""Promises in words: `days` and `dates` say until when, `amounts` how much, `verbs` and `binding`
what binds us, `filling` and `merging` what belongs together, `clauses` reads it all; `naming`
tells a kind by the name of a remedy; `wording` says it better; `ledger` judges. Pure."""

from huiyin.journey.promises.rules.clauses import LONGEST, detect
from huiyin.journey.promises.rules.dates import told, told_in_english, workday_end
from huiyin.journey.promises.rules.ledger import due_is_sensible, kept_rate, origin_of
from huiyin.journey.promises.rules.naming import kind_named
from huiyin.journey.promises.rules.parts import Detected
from huiyin.journey.promises.rules.wording import after_application, is_ahead, with_date

__all__ = [
    "LONGEST",
    "Detected",
    "after_application",
    "detect",
    "due_is_sensible",
    "is_ahead",
    "kept_rate",
    "kind_named",
    "origin_of",
    "told",
    "told_in_english",
    "with_date",
    "workday_end",
]
