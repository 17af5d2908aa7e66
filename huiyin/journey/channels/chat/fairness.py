"""Who gets the next visitor, and when a wait begins to hurt. Arguments in, decision out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.ground.worktime.rules import WorkCalendar


@dataclass(frozen=True)
class Free:
    """Somebody at the desk: with how many he talks, how many he takes, since when he was given
    none. `teams`: whose visitors he takes."""

    user: int
    talks: int
    most: int
    given_at: datetime | None
    teams: frozenset[int]

    @property
    def has_room(self) -> bool:
        return self.talks < self.most

    def takes(self, team: int | None) -> bool:
        return team is None or team in self.teams


def next_one(seats: Iterable[Free], team: int | None, but: frozenset[int]) -> Free | None:
    """Of those with room whoever talks with the fewest; of equals whoever was given one longest
    ago; then by number, so that two who ask at once get the same answer. `but`: who had this very
    visitor and did not answer him; asked again only when there is nobody else."""
    fit = [seat for seat in seats if seat.has_room and seat.takes(team)]
    fresh = [seat for seat in fit if seat.user not in but]
    return min(fresh, key=_order, default=None)


def _order(seat: Free) -> tuple[int, bool, float, int]:
    given = seat.given_at
    return seat.talks, given is not None, given.timestamp() if given else 0.0, seat.user


def opening_seconds(begins: datetime, ends: datetime, calendar: WorkCalendar) -> float:
    """How much of the time between the two somebody had to be there."""
    if ends <= begins:
        return 0.0
    total = timedelta(0)
    for opens, closes in calendar.open_spans(begins):
        if opens >= ends:
            break
        total += min(closes, ends) - opens
    return total.total_seconds()


def mark_passed(spent: float, limit: float, marks: Iterable[int]) -> int:
    """The highest mark (percent) that was passed; 0 when none was."""
    if limit <= 0:
        return 0
    share = 100 * spent / limit
    return max((mark for mark in marks if share >= mark), default=0)


def mark_at(begins: datetime, due: datetime, percent: int) -> datetime:
    """The moment at which so much of the limit is gone; both ends are within opening hours."""
    return begins + (due - begins) * percent / 100
