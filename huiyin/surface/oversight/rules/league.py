"""The league of timeliness: shares with fair denominators, and a rank only where it means
something. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST = 10  # below it no rank: one bad day would make the last of anybody
LONGEST = 366  # days of a period


@dataclass(frozen=True)
class Cell:
    """`part` of `whole`; of nothing there is no share."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def is_enough(self) -> bool:
        return self.whole >= FEWEST


@dataclass(frozen=True)
class Line:
    """One of those who are compared; the first cell is what they are ranked by."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    rank: int | None = None


def ranked(lines: Sequence[Line]) -> list[Line]:
    """The best first, equals with the same rank; whoever has too few cases stands below, unranked,
    the fullest first."""
    enough = [line for line in lines if line.cells[0].is_enough]
    few = [line for line in lines if not line.cells[0].is_enough]
    enough.sort(key=lambda line: (-(line.cells[0].share or 0), -line.cells[0].whole, line.key))
    few.sort(key=lambda line: (-line.cells[0].whole, line.key))
    shares = [line.cells[0].share for line in enough]
    placed = [
        Line(line.key, line.name, line.cells, shares.index(line.cells[0].share) + 1)
        for line in enough
    ]
    return placed + few


def whole(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """All of them together: the shares of the house."""
    columns = zip(*(line.cells for line in lines), strict=True)
    return tuple(
        Cell(sum(cell.part for cell in cells), sum(cell.whole for cell in cells))
        for cells in columns
    )


@dataclass(frozen=True)
class Period:
    """Whole days, the first and the last included."""

    key: str
    since: date
    until: date


def period(key: str, today: date, since: date | None = None, until: date | None = None) -> Period:
    """What a choice means today. Days of one's own: in order, not beyond today, a year at most."""
    if key == "own" and since is not None and until is not None:
        first, last = min(since, until, today), min(max(since, until), today)
        return Period(key, max(first, last - timedelta(days=LONGEST - 1)), last)
    month = today.replace(day=1)
    begins = {
        "week": today - timedelta(days=today.weekday()),
        "month": month,
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "90": today - timedelta(days=89),
    }
    if key in begins:
        return Period(key, begins[key], today)
    if key == "last-month":
        last = month - timedelta(days=1)
        return Period(key, last.replace(day=1), last)
    return Period("30", today - timedelta(days=29), today)
