"""Deadlines. Pure: an instant, an allowance and a calendar in; an instant and its steps out.

Counting (民法典 201–203, and the conventions of this product):
hours are the earliest instant at which the amount has elapsed; working hours count only inside
shifts. Days: the start day is not counted, the last day ends at 24:00 (or at close of business);
calendar days roll off a day without work; working days count days on which a shift begins.
Paused hours do not count; of days, none that is wholly or partly paused counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

Unit = Literal["hours", "work_hours", "days", "work_days"]
Shift = tuple[time, time]  # opens, closes; closes <= opens means after midnight
Pause = tuple[datetime, datetime | None]  # from, until; None while it lasts

ONE_DAY = timedelta(days=1)
NO_TIME = timedelta(0)
FARTHEST = 3660  # days looked ahead; a calendar without work is an error, not a loop


class NoWorkTime(ValueError):
    """The calendar has no working time within ten years."""


@dataclass(frozen=True)
class WorkCalendar:
    """Shifts by weekday (0 = Monday), holidays, and make-up days with their shifts.

    A shift belongs to the day on which it begins. A make-up day without shifts of its own has
    Monday's, and beats a holiday.
    """

    week: tuple[tuple[Shift, ...], ...]
    holidays: frozenset[date] = frozenset()
    makeup: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    ends_at_close: bool = False  # the last day ends with business hours instead of at 24:00
    names: Mapping[date, str] = field(default_factory=dict)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        if day in self.makeup:
            return self.makeup[day] or self.week[0]
        if day in self.holidays:
            return ()
        return self.week[day.weekday()]

    def is_workday(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The shifts that begin on this day as instants (UTC), merged where they touch."""
        zone = ZoneInfo(self.zone)
        spans: list[tuple[datetime, datetime]] = []
        for opens, closes in sorted(self.shifts_on(day)):
            last = day if closes > opens else day + ONE_DAY
            begin = datetime.combine(day, opens, zone).astimezone(UTC)
            end = datetime.combine(last, closes, zone).astimezone(UTC)
            if spans and begin <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end > begin:
                spans.append((begin, end))
        return spans

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """24:00 of the day, or the end of its last shift where the calendar says so."""
        if self.ends_at_close and (spans := self.spans_on(day)):
            return max(end for _begin, end in spans)
        return datetime.combine(day + ONE_DAY, time(0), ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Step:
    """One line of “why this deadline”: a kind and its values; words are found where it is shown."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Deadline:
    at: datetime  # UTC
    steps: tuple[Step, ...]


def deadline(
    start: datetime,
    amount: float,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extra: float = 0,
) -> Deadline:
    """When `amount` (+ `extra`, an extension in the same unit) has passed since `start`.

    `start` is aware. Raises NoWorkTime when the calendar never works.
    """
    start = start.astimezone(UTC)
    total = amount + extra
    closed = _merged(pauses, start)
    steps = [Step("start", {"at": start, "amount": amount, "unit": unit})]
    if extra:
        steps.append(Step("extended", {"amount": extra, "unit": unit}))
    if unit in ("hours", "work_hours"):
        at = _by_hours(start, total, unit == "work_hours", calendar, closed, steps)
    else:
        at = _by_days(start, int(total), unit == "work_days", calendar, closed, steps)
    steps.append(Step("due", {"at": at}))
    return Deadline(at, tuple(steps))


def _merged(pauses: Sequence[Pause], start: datetime) -> list[tuple[datetime, datetime | None]]:
    """Pauses in order, overlapping ones joined, cut to what lies after the start."""
    out: list[tuple[datetime, datetime | None]] = []
    for begin, end in sorted(((b.astimezone(UTC), e) for b, e in pauses), key=lambda p: p[0]):
        until = end.astimezone(UTC) if end else None
        if until is not None and until <= max(begin, start):
            continue
        begin = max(begin, start)
        if out and (out[-1][1] is None or begin <= out[-1][1]):
            last = out[-1][1]
            out[-1] = (out[-1][0], None if last is None or until is None else max(last, until))
        else:
            out.append((begin, until))
    return out


# --- hours -------------------------------------------------------------------------------------------


def _by_hours(
    start: datetime,
    hours: float,
    only_open: bool,
    calendar: WorkCalendar,
    pauses: list[tuple[datetime, datetime | None]],
    steps: list[Step],
) -> datetime:
    left = timedelta(hours=hours)
    if left <= NO_TIME:
        return start
    for begin, end in _running(start, only_open, calendar, pauses, steps):
        available = end - begin if end is not None else left
        if left <= available:
            return begin + left
        left -= available
    raise NoWorkTime("the calendar has no working time within ten years")


def _running(
    start: datetime,
    only_open: bool,
    calendar: WorkCalendar,
    pauses: list[tuple[datetime, datetime | None]],
    steps: list[Step],
) -> Iterator[tuple[datetime, datetime | None]]:
    """Stretches in which the clock runs, from `start` on; the last may have no end."""
    spans: Iterator[tuple[datetime, datetime | None]]
    spans = _open_spans(start, calendar) if only_open else iter([(start, None)])
    for begin, end in spans:
        at = begin
        for pause_from, pause_until in pauses:
            if pause_until is not None and pause_until <= at:
                continue
            if end is not None and pause_from >= end:
                break
            if pause_from > at:
                yield at, pause_from
            steps_pause = Step("paused", {"from": pause_from, "until": pause_until})
            if steps_pause not in steps:
                steps.append(steps_pause)
            # A pause that lasts counts as if it ended now: the clock would go on from there.
            at = pause_until if pause_until is not None else max(at, pause_from)
            if end is not None and at >= end:
                break
        if end is None or at < end:
            yield at, end


def _open_spans(
    start: datetime, calendar: WorkCalendar
) -> Iterator[tuple[datetime, datetime | None]]:
    day = calendar.day_of(start) - ONE_DAY  # last night's shift may still be open
    for _ in range(FARTHEST):
        for begin, end in calendar.spans_on(day):
            if end > start:
                yield max(begin, start), end
        day += ONE_DAY


# --- days --------------------------------------------------------------------------------------------


def _by_days(
    start: datetime,
    days: int,
    only_work: bool,
    calendar: WorkCalendar,
    pauses: list[tuple[datetime, datetime | None]],
    steps: list[Step],
) -> datetime:
    begun = start
    while True:
        last = _last_day(begun, days, only_work, calendar, steps)
        at = max(calendar.end_of(last), begun)
        pause = next(((b, e) for b, e in pauses if b < at and b >= begun), None)
        if pause is None:
            return at
        pauses = [p for p in pauses if p[0] > pause[0]]
        steps.append(Step("paused", {"from": pause[0], "until": pause[1]}))
        # Days before the date on which the pause begins have counted; the rest begins anew with
        # the resume day, which does not count itself.
        days -= _counted(begun, pause[0], days, only_work, calendar)
        begun = pause[1] if pause[1] is not None else pause[0]


def _counted(
    begun: datetime, until: datetime, most: int, only_work: bool, calendar: WorkCalendar
) -> int:
    day, end, counted = calendar.day_of(begun) + ONE_DAY, calendar.day_of(until), 0
    while day < end and counted < most:
        counted += not only_work or calendar.is_workday(day)
        day += ONE_DAY
    return counted


def _last_day(
    begun: datetime, days: int, only_work: bool, calendar: WorkCalendar, steps: list[Step]
) -> date:
    day = calendar.day_of(begun)
    steps.append(Step("not_counted", {"day": day}))
    left = days
    for _ in range(FARTHEST):
        if left <= 0:
            break
        day += ONE_DAY
        if not only_work or calendar.is_workday(day):
            left -= 1
        if only_work:
            steps.append(_day_step(day, calendar))
    for _ in range(FARTHEST):
        if calendar.is_workday(day):
            return day
        steps.append(Step("rolled", {"day": day, "name": calendar.names.get(day, "")}))
        day += ONE_DAY
    raise NoWorkTime("the calendar has no working day within ten years")


def _day_step(day: date, calendar: WorkCalendar) -> Step:
    name = calendar.names.get(day, "")
    if day in calendar.makeup:
        return Step("makeup", {"day": day, "name": name})
    if not calendar.is_workday(day):
        return Step(
            "holiday" if day in calendar.holidays else "weekend", {"day": day, "name": name}
        )
    return Step("counted", {"day": day})


@lru_cache(maxsize=64)
def plain_week(opens: time, closes: time, days: int = 5) -> tuple[tuple[Shift, ...], ...]:
    """The same single shift on the first `days` days of the week."""
    return tuple(((opens, closes),) if day < days else () for day in range(7))


def read_week(shifts: Sequence[Sequence[Sequence[str]]]) -> tuple[tuple[Shift, ...], ...]:
    """[[["09:00","12:00"],["13:00","18:00"]], …×7] as times; "24:00" is midnight. ValueError."""
    if len(shifts) != 7:
        raise ValueError("a week has seven days")
    return tuple(tuple((read_time(a), read_time(b)) for a, b in day) for day in shifts)


def read_time(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)
