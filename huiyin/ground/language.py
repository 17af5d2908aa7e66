"""Which of its two languages a row speaks to whoever reads now."""

from __future__ import annotations

from django.utils.translation import get_language


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def in_own(chinese: str, english: str) -> str:
    """What a row keeps in both languages, in the reader's; Chinese where no English was given."""
    return english if english and in_english() else chinese
