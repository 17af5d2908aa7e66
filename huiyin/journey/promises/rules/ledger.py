"""What the ledger itself judges. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiyin.journey.promises.words import Origin

LATEST = timedelta(days=366)  # nobody promises further ahead; a later year is a slip of the keys


def origin_of(source: str) -> str:
    """“offer:3” comes from an offer; "" when it names no origin that is known."""
    of = source.partition(":")[0]
    return of if of in Origin.values else ""


def due_is_sensible(due_at: datetime, now: datetime) -> bool:
    return now < due_at <= now + LATEST


def kept_rate(kept: int, due: int) -> float | None:
    """K31: promises met on time ÷ promises due. None where none was due."""
    return kept / due if due else None
