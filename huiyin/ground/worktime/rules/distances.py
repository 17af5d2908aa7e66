"""How far it is to a deadline, and from one: reminders before, escalation after, colours. Pure.

A deadline at 24:00 belongs to the day that ends then. Days before and after are moments at which
somebody can act on them: the opening of a working day, never midnight.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from huiyin.ground.worktime.rules.calendars import ONE_DAY, NoWorkTime, WorkCalendar
from huiyin.ground.worktime.rules.deadlines import Unit, due_at

Colour = Literal["green", "amber", "red", "over"]

INSTANT = timedelta(microseconds=1)
LONG = 5  # working days; a limit of more than that is told by working days left, not by its share
AMBER_DAYS, RED_DAYS = 5, 2  # working days left (domain §3.1)
AMBER_LEFT, RED_LEFT = 0.5, 0.2  # share of the time left
FARTHEST = 3660


class Lights(NamedTuple):
    """From when on a due date is shown in amber, and in red."""

    amber_at: datetime
    red_at: datetime

    def at(self, now: datetime, due: datetime) -> Colour:
        if now >= due:
            return "over"
        return "red" if now >= self.red_at else "amber" if now >= self.amber_at else "green"


def last_day(due: datetime, calendar: WorkCalendar) -> date:
    """The day a deadline ends on: of 24:00 the day that is over then."""
    return calendar.day_of(due - INSTANT)


def opening(day: date, calendar: WorkCalendar) -> datetime:
    """When work begins on this day; its midnight where none does."""
    spans = calendar.spans_on(day)
    return spans[0][0] if spans else calendar.end_of(day - ONE_DAY, at_close=False)


def workday_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """The last working day after which `count` working days remain up to and including `day`."""
    for _ in range(FARTHEST):
        if count <= 0 and calendar.is_workday(day):
            return day
        count -= calendar.is_workday(day)
        day -= ONE_DAY
    raise NoWorkTime("the calendar has too few working days within ten years")


def before(due: datetime, amount: float, unit: Unit, calendar: WorkCalendar) -> datetime:
    """The moment so far before a deadline. Of days: the opening of a working day, never later."""
    due = due.astimezone(UTC)
    if unit == "hours":
        return due - timedelta(hours=amount)
    if unit == "work_hours":
        return _worked_back(due, timedelta(hours=amount), calendar)
    day = last_day(due, calendar)
    if unit == "work_days":
        return opening(workday_before(day, int(amount), calendar), calendar)
    return opening(workday_before(day - int(amount) * ONE_DAY, 0, calendar), calendar)


def after(due: datetime, amount: float, unit: Unit, calendar: WorkCalendar) -> datetime:
    """The moment so far after a deadline. Of days: the opening of a working day, never sooner."""
    due = due.astimezone(UTC)
    if unit in ("hours", "work_hours"):
        return due_at(due, amount, unit, calendar)
    if not amount:
        return due
    day = last_day(due, calendar)
    if unit == "work_days":
        day = calendar.workday_after(day, int(amount))
    else:
        day = calendar.next_workday(day + int(amount) * ONE_DAY)
    return max(due, opening(day, calendar))


def work_days_left(now: datetime, due: datetime, calendar: WorkCalendar) -> int:
    """Working days after today up to and including the last one; today does not count."""
    today, last = calendar.day_of(now), last_day(due, calendar)
    days = (last - today).days
    return sum(calendar.is_workday(today + i * ONE_DAY) for i in range(1, days + 1))


def lights(start: datetime, due: datetime, calendar: WorkCalendar) -> Lights:
    """A long limit warns by working days left; every limit by the share of its time."""
    whole = due - start
    amber, red = due - whole * AMBER_LEFT, due - whole * RED_LEFT
    if work_days_left(start, due, calendar) > LONG:
        amber = min(amber, before(due, AMBER_DAYS, "work_days", calendar))
        red = min(red, before(due, RED_DAYS, "work_days", calendar))
    return Lights(amber, red)


def _worked_back(due: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    """Where `left` of working time remains before `due`."""
    day = calendar.day_of(due)
    told = due
    for _ in range(FARTHEST):
        for begin, end in reversed(calendar.spans_on(day)):
            end = min(end, told)
            if end <= begin:
                continue
            if end - begin >= left:
                return end - left
            left -= end - begin
            told = begin
        day -= ONE_DAY
    raise NoWorkTime("the calendar has no working time within ten years")
