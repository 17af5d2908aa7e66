"""When we work: shifts by weekday, holidays, make-up days. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

Shift = tuple[time, time]  # opens, closes; closes <= opens means after midnight
Span = tuple[datetime, datetime]  # instants, UTC

ONE_DAY = timedelta(days=1)
FARTHEST = 3660  # days looked ahead; a calendar without work is an error, not a loop


class NoWorkTime(ValueError):  # noqa: N818 — what the calendar says, not a fault
    """The calendar has no working time within ten years."""


@dataclass(frozen=True)
class WorkCalendar:
    """Shifts by weekday (0 = Monday), holidays, and make-up days with their shifts.

    A shift belongs to the day on which it begins. A make-up day without shifts of its own has
    Monday's, and beats a holiday. `announced` are the years whose holidays are settled; None
    where holidays mean nothing.
    """

    week: tuple[tuple[Shift, ...], ...]
    holidays: frozenset[date] = frozenset()
    makeup: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    ends_at_close: bool = False  # the last day ends with business hours instead of at 24:00
    names: Mapping[date, str] = field(default_factory=dict)
    announced: frozenset[int] | None = None
    # A day's instants never change for a calendar, and finding them is most of the work.
    _spans: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        if day in self.makeup:
            return self.makeup[day] or self.week[0]
        if day in self.holidays:
            return ()
        return self.week[day.weekday()]

    def is_workday(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The shifts that begin on this day as instants, merged where they touch."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = tuple(self._merged(day))
        return found

    def _merged(self, day: date) -> list[Span]:
        spans: list[Span] = []
        for opens, closes in sorted(self.shifts_on(day)):
            last = day if closes > opens else day + ONE_DAY
            begin = datetime.combine(day, opens, self._zone).astimezone(UTC)
            end = datetime.combine(last, closes, self._zone).astimezone(UTC)
            if spans and begin <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            elif end > begin:
                spans.append((begin, end))
        return spans

    def open_spans(self, start: datetime) -> Iterator[Span]:
        """Working time from `start` (UTC) on, in order; what two shifts share comes once."""
        day = self.day_of(start) - ONE_DAY  # last night's shift may still be open
        told = start
        for _ in range(FARTHEST):
            for begin, end in self.spans_on(day):
                if end > told:
                    yield max(begin, told), end
                    told = end
            day += ONE_DAY

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def end_of(self, day: date, *, at_close: bool) -> datetime:
        """24:00 of the day, or the end of its last shift."""
        if at_close and (spans := self.spans_on(day)):
            return max(end for _begin, end in spans)
        return datetime.combine(day + ONE_DAY, time(0), self._zone).astimezone(UTC)

    def next_workday(self, day: date) -> date:
        """This day, or the first one after it, on which a shift begins."""
        for _ in range(FARTHEST):
            if self.is_workday(day):
                return day
            day += ONE_DAY
        raise NoWorkTime("the calendar has no working day within ten years")

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself for none."""
        for _ in range(FARTHEST):
            if count <= 0:
                return day
            day += ONE_DAY
            count -= self.is_workday(day)
        raise NoWorkTime("the calendar has too few working days within ten years")

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a year from `first` to `last` has no settled arrangement of holidays yet."""
        if self.announced is None:
            return False
        return not self.announced.issuperset(range(first.year, last.year + 1))


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
