"""Numbers as they are written and typed. Pure."""

from __future__ import annotations

import re
import unicodedata

TYPED_NUMBER = re.compile(
    r"(?:TS)?\s{0,9}(\d{4})-(\d{1,9})|TS\s{0,9}(\d{4})(?:-?(\d{0,9}))?", re.IGNORECASE
)


def written_number(year: int, count: int) -> str:
    """TS2026-000123; six digits at least, and more when a year needs them."""
    return f"TS{year}-{count:06d}"


def looks_like_number(typed: str) -> str:
    """The number, or its beginning, that somebody typed in any usual way; "" when it is none.

    Takes ts2026-000123, 2026-123, full-width digits and blanks.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    found = TYPED_NUMBER.fullmatch(text)
    if not found:
        return ""
    if found[1]:
        return written_number(int(found[1]), int(found[2]))
    digits = found[4] or ""
    return f"TS{found[3]}-{digits}"
