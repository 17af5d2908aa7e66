"""Who is in a sample, until when one may reopen. Pure."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

REOPEN_WITHIN = timedelta(days=30)  # domain §7.3
ARCHIVE_AFTER = timedelta(days=30)
MOST_REWORKS = 2  # then the manager decides


def in_sample(key: str, percent: int) -> bool:
    """So many in a hundred, steadily: taken by the number, so asking twice gives the same."""
    return zlib.crc32(key.encode()) % 100 < percent


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN
