"""When a call-back is due, what closing asks for, until when one may reopen. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta

REOPEN_WITHIN = timedelta(days=30)  # domain §7.3
ARCHIVE_AFTER = timedelta(days=30)
MOST_TRIES = 3
MOST_REWORKS = 2
STRONG = frozenset({"angry", "desperate"})
SAMPLE_PERCENT = 20  # of what need not be visited


def visit_is_due(
    *, severity: int | None, emotion: str, sla: str, risks: Collection[str], key: str
) -> bool:
    """S1 and S2, complex ones, strong emotion and risks always; of the rest a steady sample.

    Source: 001 (complex and emotional cases within 1–3 days), domain §1.1. The sample is taken by
    the number, so asking twice gives the same answer.
    """
    if severity in (1, 2) or sla == "SLA-CPX" or emotion in STRONG or risks:
        return True
    return zlib.crc32(key.encode()) % 100 < SAMPLE_PERCENT


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN
