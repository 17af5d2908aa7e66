"""A calendar's year as twelve months of weeks, ready to be drawn. Pure but for the row it reads."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.ground.worktime.models import CalendarDay
from huiyin.ground.worktime.rules import WorkCalendar
from huiyin.ground.worktime.words import DayKind


@dataclass(frozen=True)
class Day:
    on: date
    kind: str  # work, rest, holiday, makeup
    title: str
    special: CalendarDay | None
    provisional: bool
    is_today: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day | None]]


def drawn(calendar: WorkCalendar, year: int, special: dict[date, CalendarDay], today: date) -> Any:
    """Twelve months of weeks that begin on Monday; None outside the month."""
    return [
        Month(
            date(year, month, 1),
            [
                [_day(calendar, on, special, today) if on.month == month else None for on in week]
                for week in months.Calendar().monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _day(calendar: WorkCalendar, on: date, special: dict[date, CalendarDay], today: date) -> Day:
    row = special.get(on)
    works = calendar.is_workday(on)
    kind = "work" if works else "rest"
    if row is not None:
        kind = "makeup" if row.kind == DayKind.MAKEUP else "holiday"
    return Day(
        on=on,
        kind=kind,
        title=row.name if row else "",
        special=row,
        provisional=bool(row and row.provisional),
        is_today=on == today,
    )
