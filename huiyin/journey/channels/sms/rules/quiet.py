"""Hours in which no automatic text is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def is_span(text: str) -> bool:
    return SPAN.fullmatch(text) is not None


def quiet_until(now: datetime, spans: Iterable[str]) -> datetime | None:
    """When it ends, if it is quiet now; “22:00-08:00” goes over midnight."""
    here = now.astimezone(HOME)
    ends = [end for span in spans if (end := _end(here, span)) is not None]
    return max(ends) if ends else None


def _end(here: datetime, span: str) -> datetime | None:
    found = SPAN.fullmatch(span)
    if found is None:
        return None
    starts = time(int(found[1]), int(found[2]))
    ends = time(int(found[3]), int(found[4]))
    clock = here.time()
    today = here.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    if starts <= ends:
        return today if starts <= clock < ends else None
    if clock >= starts:
        return today + timedelta(days=1)
    return today if clock < ends else None
