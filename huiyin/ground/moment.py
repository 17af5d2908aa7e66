"""The one clock of the product. Acts read it once and pass the moment down.

Demo data and tests live through days in seconds: `with at(moment):` moves the clock for the
current task only (a context variable), so nothing else in the process is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

_moved: ContextVar[datetime | None] = ContextVar("huiyin_moment", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _moved.get() or timezone.now()


def local_year(moment_: datetime, zone: str = "Asia/Shanghai") -> int:
    """The year on the wall calendar of `zone` at that moment."""
    return moment_.astimezone(ZoneInfo(zone)).year


def today(zone: str = "Asia/Shanghai") -> date:
    """The calendar day it is in `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


def read(text: str) -> datetime | None:
    """A typed or sent moment, naive or aware as it was written; None for what is none."""
    try:
        return parse_datetime(text.strip())
    except ValueError:  # 2026-02-30 09:12
        return None


def read_day(text: str) -> date | None:
    """A typed or sent day between 1990 and 2100; None for what is none."""
    try:
        found = parse_date(text.strip())
    except ValueError:  # 2026-02-30
        return None
    return found if found and 1990 <= found.year <= 2100 else None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` be `moment` (aware) inside the block."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
