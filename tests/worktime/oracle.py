"""A clerk with a stop-watch: deadlines minute by minute, by a table of minutes. Slow on purpose.

Shares no code with the rules: it reads wall clocks, and never computes with shifts as instants.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


class Clerk:
    """Everything about each minute from `first` on, for so many days."""

    def __init__(self, calendar, first: date, days: int) -> None:
        self.calendar = calendar
        zone = ZoneInfo(calendar.zone)
        self.begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.day: list[date] = []
        self.open = bytearray()
        for minute in range(days * 24 * 60):
            wall = (self.begin + minute * MINUTE).astimezone(zone)
            self.day.append(wall.date())
            self.open.append(self.is_open(wall))
        self.last_minute = {day: i for i, day in enumerate(self.day)}
        self.closing: dict[date, int] = {}
        self.work = {day: bool(self.shifts(day)) for day in self.last_minute}

    def shifts(self, day: date):
        if day in self.calendar.makeup:
            return self.calendar.makeup[day] or self.calendar.week[0]
        return () if day in self.calendar.holidays else self.calendar.week[day.weekday()]

    def is_open(self, wall: datetime) -> bool:
        at = wall.time()
        for opens, closes in self.shifts(wall.date()):
            if opens <= at and (at < closes or closes <= opens):
                return True
        for opens, closes in self.shifts(wall.date() - ONE_DAY):
            if closes <= opens and at < closes:  # last night's tail
                return True
        return False

    def close_of(self, day: date) -> int:
        """The minute after the last open one of this day (no shift runs over midnight)."""
        if day not in self.closing:
            minute = self.last_minute[day]
            while not self.open[minute]:
                minute -= 1
            self.closing[day] = minute + 1
        return self.closing[day]

    def minute_of(self, moment: datetime) -> int:
        return int((moment - self.begin) / MINUTE)

    def hours(self, start: int, minutes: int, paused: set[int], only_open: bool) -> datetime:
        now = start
        while minutes > 0:
            if (not only_open or self.open[now]) and now not in paused:
                minutes -= 1
            now += 1
        return self.begin + now * MINUTE

    def days(
        self, start: int, n: int, paused: set[int], only_work: bool, at_close: bool
    ) -> datetime:
        base, left, now = self.day[start], n, start
        while True:
            last = base
            for _ in range(left):
                last = self.next_that_counts(last, only_work)
            end = self.end(self.rolled(last), at_close)
            stop = next((m for m in range(now, end) if m in paused), None)
            if stop is None:
                return self.begin + max(end, now) * MINUTE
            day = base
            while left and (day := self.next_that_counts(day, only_work)) < self.day[stop]:
                left -= 1
            now = stop
            while now in paused:
                now += 1
            base = self.day[now]

    def moved(self, start: int, n: int, pauses, only_work: bool, at_close: bool) -> datetime:
        """Option B: so many whole days later as all pauses together come to."""
        last = self.day[start]
        for _ in range(n):
            last = self.next_that_counts(last, only_work)
        end, minutes = max(self.end(self.rolled(last), at_close), start), 0
        for begin, until in sorted(pauses):
            if begin < end:
                minutes += until - begin
                whole = math.ceil(minutes / (24 * 60))
                end = max(self.end(self.rolled(last + whole * ONE_DAY), at_close), start)
        return self.begin + end * MINUTE

    def next_that_counts(self, day: date, only_work: bool) -> date:
        day += ONE_DAY
        while only_work and not self.work[day]:
            day += ONE_DAY
        return day

    def rolled(self, day: date) -> date:
        while not self.work[day]:
            day += ONE_DAY
        return day

    def end(self, day: date, at_close: bool) -> int:
        return self.close_of(day) if at_close else self.last_minute[day] + 1
