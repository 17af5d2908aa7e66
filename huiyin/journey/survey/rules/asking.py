"""Whom to ask: a steady sample, and who is left in peace. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import datetime, timedelta

from huiyin.journey.survey.words import Skip

REST = timedelta(days=30)  # between two surveys to one customer, whatever complaint
SENSITIVE_RISKS = frozenset({"safety", "self_harm"})
SAFETY = "SF"  # the heading of the taxonomy


def is_sampled(number: str, rule: str, percent: int) -> bool:
    """Whether this complaint is in the sample: by its number, so that asking twice gives the same
    answer, and by the rule, so that two rules do not pick the same people."""
    return zlib.crc32(f"{rule}:{number}".encode()) % 100 < percent


def is_sensitive(category: str, risks: Collection[str]) -> bool:
    """Somebody was hurt or might be: no form is the right thing to send."""
    return category.split(".")[0] == SAFETY or bool(SENSITIVE_RISKS & set(risks))


def why_not(
    *,
    opted_out: bool,
    restricted: bool,
    sensitive: bool,
    last_sent_at: datetime | None,
    has_result: bool,
    usable: bool,
    now: datetime,
) -> str:
    """Why this customer gets none now; "" when nothing speaks against it."""
    if opted_out:
        return str(Skip.OPTED_OUT)
    if restricted:
        return str(Skip.RESTRICTED)
    if sensitive:
        return str(Skip.SENSITIVE)
    if not usable:
        return str(Skip.OFF)
    if not has_result:
        return str(Skip.NOT_ENDED)
    if last_sent_at is not None and now - last_sent_at < REST:
        return str(Skip.LATELY)
    return ""
