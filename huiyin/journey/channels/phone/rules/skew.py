"""How far the clock of a telephone system is behind ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

MOST = timedelta(hours=14)  # as far as a wrong zone puts a clock
APART = timedelta(seconds=3)  # between two that show it
ALIKE = timedelta(seconds=1.5)  # times in whole seconds, and the way here
NAMED = timedelta(seconds=30)  # from here on people are told of it


def skew(told: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """From when each thing happened by that clock and when we heard of it.

    Nothing is heard of before it happens, so the least difference is the clock's, and what any has
    more it was on its way. It counts when two that happened apart both have it: what is told late,
    all at once, differs by as much as it happened apart, and says nothing of the clock.
    """
    behind = [(heard_at - at, at) for at, heard_at in told]
    if not behind:
        return timedelta()
    least = min(behind)[0]
    alike = [at for differs, at in behind if differs - least <= ALIKE]
    shown = max(alike) - min(alike) >= APART
    return least if shown and abs(least) <= MOST else timedelta()
