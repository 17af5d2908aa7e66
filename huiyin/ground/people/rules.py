"""Judgement about people: pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
MIN_PASSWORD = 8
MAX_PASSWORD = 128  # argon2 over a megabyte is an attack, not a password (ASVS 6.2.9, V48)


def sign_in_name(typed: str) -> str:
    """The name as it is compared: full-width letters folded, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()[:64]


def is_locked(failures: int, first_at: datetime, now: datetime) -> bool:
    """Five wrong tries lock for fifteen minutes, counted from the first of them."""
    return failures >= MAX_FAILURES and now < first_at + LOCKED_FOR
