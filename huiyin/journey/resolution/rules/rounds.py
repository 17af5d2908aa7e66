"""Rounds of options: which are open, which number comes next, when talks are stuck. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

MOST_OPTIONS = 3  # in one round
LATEST = timedelta(days=366)  # nobody promises further ahead; a later year is a slip of the keys

# What still waits for somebody, and what binds us no more.
OPEN_STATES = ("waiting", "offered", "agreed")
VOID_STATES = ("denied", "declined", "passed", "changed")


def next_round(rounds: Iterable[int]) -> int:
    return max(rounds, default=0) + 1


def due_is_sensible(due_on: date, today: date) -> bool:
    return today <= due_on <= today + LATEST


def stuck(
    *,
    refused: int,
    most_refused: int,
    offered_at: datetime | None,
    now: datetime,
    silent_days: int,
) -> str:
    """Why somebody above, or a mediator, should be asked: "refused", "silent", or "" for no.

    `refused`: rounds the customer took nothing of; `offered_at`: since when the open round waits
    for his word.
    """
    if refused >= most_refused:
        return "refused"
    if offered_at is not None and now - offered_at >= timedelta(days=silent_days):
        return "silent"
    return ""
