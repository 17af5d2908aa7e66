"""Deadlines. Pure: an instant, an allowance and a calendar in; an instant and its steps out.

Counting (民法典 201–203, and the conventions of this product):
hours are the earliest instant at which the amount has elapsed; working hours count only inside
shifts. Days: the start day is not counted, the last day ends at 24:00 (or at close of business);
calendar days roll off a day without work; working days count days on which a shift begins.
Paused hours do not count; of days, none that is wholly or partly paused counts, and the rest is
counted anew from the day after the one on which work went on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from huiyin.ground.worktime.rules.calendars import ONE_DAY, NoWorkTime, Span, WorkCalendar

Unit = Literal["hours", "work_hours", "days", "work_days"]
Pause = tuple[datetime, datetime | None]  # from, until; None while it lasts
PauseRule = Literal["anew", "shift"]
Tell = Callable[..., None]

NO_TIME = timedelta(0)
LONGEST = 3650 * 24  # the largest amount, in whichever unit
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One line of “why this deadline”: a kind and its values; words are found where it is shown."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Deadline:
    at: datetime  # UTC
    steps: tuple[Step, ...]


def due_at(
    start: datetime,
    amount: float,
    unit: Unit,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extra: float = 0,
    ends_at_close: bool = False,
    pause_rule: PauseRule = "anew",
    tell: Tell | None = None,
) -> datetime:
    """When `amount` (+ `extra`, an extension in the same unit) has passed since `start`.

    Instants are aware; the answer is UTC. A pause that still lasts moves nothing yet: the answer is
    the deadline as it stood when the pause began. Raises NoWorkTime when the calendar never works,
    ValueError for a negative amount, half a day, or more than ten years.
    """
    start = start.astimezone(UTC)
    total = amount + extra
    if not (0 <= amount <= LONGEST and 0 <= extra <= LONGEST):
        raise ValueError("an amount is between nothing and ten years")
    stops = _merged(pauses, start) if pauses else []
    if unit == "work_hours":
        return _by_hours(start, total, calendar.open_spans(start), stops, tell)
    if unit == "hours":
        return _by_hours(start, total, ((start, FOREVER),), stops, tell)
    if total != int(total):
        raise ValueError("days are counted whole")
    days = _Days(calendar, unit == "work_days", ends_at_close or calendar.ends_at_close, tell)
    count = days.shifted if pause_rule == "shift" else days.anew
    return count(start, int(total), stops)


def deadline(
    start: datetime, amount: float, unit: Unit, calendar: WorkCalendar, **how: Any
) -> Deadline:
    """The same as `due_at`, with every step that leads there."""
    steps = [Step("start", {"at": start.astimezone(UTC), "amount": amount, "unit": unit})]
    if how.get("extra"):
        steps.append(Step("extended", {"amount": how["extra"], "unit": unit}))
    at = due_at(
        start, amount, unit, calendar, tell=lambda kind, **v: steps.append(Step(kind, v)), **how
    )
    if unit != "hours" and calendar.is_provisional(calendar.day_of(start), calendar.day_of(at)):
        steps.append(Step("provisional", {}))
    steps.append(Step("due", {"at": at}))
    return Deadline(at, tuple(steps))


def _merged(pauses: Iterable[Pause], start: datetime) -> list[Span]:
    """Ended pauses in order, overlapping ones joined, cut to what lies after the start."""
    ended = sorted((b.astimezone(UTC), e.astimezone(UTC)) for b, e in pauses if e is not None)
    out: list[Span] = []
    for begin, end in ended:
        begin = max(begin, start)
        if end <= begin:
            continue
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return out


def _by_hours(
    start: datetime, hours: float, open_: Iterable[Span], pauses: list[Span], tell: Tell | None
) -> datetime:
    left = timedelta(hours=hours)
    if left <= NO_TIME:
        return start
    for begin, end in _running(open_, pauses, tell):
        until = min(end, begin + left)
        if tell:
            tell("worked", **{"from": begin, "until": until})
        left -= until - begin
        if left <= NO_TIME:
            return until
    raise NoWorkTime("the calendar has no working time within ten years")


def _running(open_: Iterable[Span], pauses: list[Span], tell: Tell | None) -> Iterable[Span]:
    """The open time without the paused time."""
    told = 0
    for begin, end in open_:
        for i, (paused, resumed) in enumerate(pauses):
            if resumed <= begin or paused >= end:
                continue
            if paused > begin:
                yield begin, paused
            if tell and i >= told:
                tell("paused", **{"from": paused, "until": resumed})
                told = i + 1
            begin = max(begin, resumed)
        if begin < end:
            yield begin, end


@dataclass(frozen=True)
class _Days:
    """Counting days on one calendar, until 24:00 or the close of business of the last one."""

    calendar: WorkCalendar
    only_work: bool
    at_close: bool
    tell: Tell | None

    def anew(self, start: datetime, days: int, pauses: list[Span]) -> datetime:
        """Days before a pause have counted; the rest begins anew with the resume day (not counted).

        A pause while a rolled end is awaited leaves none: the resume day, rolled.
        """
        for paused, resumed in pauses:
            first = self.calendar.day_of(start)
            last = self._last(first, days)
            if paused >= self._end(self.calendar.next_workday(last), start):
                break
            day = self.calendar.day_of(paused)
            self._tell_days(first, min(last, day - ONE_DAY))
            self._tell("paused", **{"from": paused, "until": resumed})
            days -= self._counted(first, day, days)
            start = resumed
        first = self.calendar.day_of(start)
        last = self._last(first, days)
        self._tell_days(first, last)
        return self._end(self._roll(last), start)

    def shifted(self, start: datetime, days: int, pauses: list[Span]) -> datetime:
        """The last day moves by the whole days that all pauses together come to, then rolls."""
        first = self.calendar.day_of(start)
        day = self._last(first, days)
        at, paused, moved = self._end(self.calendar.next_workday(day), start), NO_TIME, 0
        for begin, end in pauses:
            if begin >= at:
                break
            self._tell("paused", **{"from": begin, "until": end})
            paused += end - begin
            moved = -(-paused // ONE_DAY)
            at = self._end(self.calendar.next_workday(day + moved * ONE_DAY), start)
        self._tell_days(first, day)
        if moved:
            self._tell("moved", days=moved, hours=paused / timedelta(hours=1))
        return self._end(self._roll(day + moved * ONE_DAY), start)

    def _last(self, first: date, days: int) -> date:
        if self.only_work:
            return self.calendar.workday_after(first, days)
        return first + days * ONE_DAY

    def _end(self, day: date, start: datetime) -> datetime:
        return max(self.calendar.end_of(day, at_close=self.at_close), start)

    def _counted(self, first: date, end: date, most: int) -> int:
        """Days that count after `first` and before `end`."""
        days = _days_between(first + ONE_DAY, end)
        if not self.only_work:
            return min(most, len(days))
        return min(most, sum(self.calendar.is_workday(day) for day in days))

    # --- telling ---------------------------------------------------------------------------------

    def _tell(self, kind: str, **values: Any) -> None:
        if self.tell:
            self.tell(kind, **values)

    def _roll(self, day: date) -> date:
        rolled = self.calendar.next_workday(day)
        for away in _days_between(day, rolled) if self.tell else ():
            self._tell("rolled", day=away, name=self.calendar.names.get(away, ""))
        return rolled

    def _tell_days(self, first: date, last: date) -> None:
        """One step for each day after `first` up to `last`, whether it counts or is left out."""
        if not self.tell:
            return
        self.tell("not_counted", day=first)
        for day in _days_between(first + ONE_DAY, last + ONE_DAY):
            self.tell(self._kind(day), day=day, name=self.calendar.names.get(day, ""))

    def _kind(self, day: date) -> str:
        calendar = self.calendar
        if not self.only_work:
            return "counted"
        if calendar.is_workday(day):
            return "makeup" if day in calendar.makeup else "counted"
        return "holiday" if day in calendar.holidays else "weekend"


def _days_between(first: date, end: date) -> list[date]:
    return [first + i * ONE_DAY for i in range((end - first).days)]
