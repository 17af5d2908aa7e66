"""Deadlines as a table that a manager could read, and against a slow oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.ground.worktime.rules import NoWorkTime, WorkCalendar, deadline, plain_week, read_week
from tests.conftest import at

LUNCH = read_week([[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []])
OFFICE = WorkCalendar(
    week=LUNCH,
    holidays=frozenset(
        [date(2026, 10, d) for d in range(1, 8)]
        + [date(2026, 2, d) for d in range(15, 24)]
        + [date(2026, 9, d) for d in (25, 26, 27)]
        + [date(2026, 1, d) for d in (1, 2, 3)]
    ),
    makeup={date(2026, 10, 10): (), date(2026, 9, 20): (), date(2026, 2, 14): ()},
)
CLOSES = WorkCalendar(
    week=LUNCH, holidays=OFFICE.holidays, makeup=OFFICE.makeup, ends_at_close=True
)
NIGHT = WorkCalendar(week=tuple(((time(22), time(6)),) for _ in range(7)))
BERLIN = WorkCalendar(week=tuple(((time(22), time(6)),) for _ in range(7)), zone="Europe/Berlin")
ALWAYS = WorkCalendar(week=read_week([[["00:00", "24:00"]]] * 7))

CASES = [
    # working hours, split shift with lunch
    ("same morning", "2026-09-28 10:00", 2, "work_hours", OFFICE, "2026-09-28 12:00"),
    ("over lunch", "2026-09-28 11:00", 2, "work_hours", OFFICE, "2026-09-28 14:00"),
    ("begins in lunch", "2026-09-28 12:30", 1, "work_hours", OFFICE, "2026-09-28 14:00"),
    (
        "until closing, not next morning",
        "2026-09-28 16:00",
        2,
        "work_hours",
        OFFICE,
        "2026-09-28 18:00",
    ),
    ("over night", "2026-09-28 17:00", 2, "work_hours", OFFICE, "2026-09-29 10:00"),
    ("before opening", "2026-09-28 06:00", 2, "work_hours", OFFICE, "2026-09-28 11:00"),
    ("after closing", "2026-09-28 23:00", 2, "work_hours", OFFICE, "2026-09-29 11:00"),
    (
        "a whole day has eight hours",
        "2026-09-28 09:00",
        8,
        "work_hours",
        OFFICE,
        "2026-09-28 18:00",
    ),
    (
        "over the National Day break",
        "2026-09-30 17:00",
        2,
        "work_hours",
        OFFICE,
        "2026-10-08 10:00",
    ),
    ("a make-up Saturday works", "2026-10-09 17:00", 2, "work_hours", OFFICE, "2026-10-10 10:00"),
    ("a make-up Sunday works", "2026-09-18 17:00", 2, "work_hours", OFFICE, "2026-09-20 10:00"),
    ("over Spring Festival", "2026-02-14 17:00", 2, "work_hours", OFFICE, "2026-02-24 10:00"),
    ("half an hour", "2026-09-28 10:00", 0.5, "work_hours", OFFICE, "2026-09-28 10:30"),
    ("none at all", "2026-09-28 03:00", 0, "work_hours", OFFICE, "2026-09-28 03:00"),
    ("night shift", "2026-09-28 20:00", 3, "work_hours", NIGHT, "2026-09-29 01:00"),
    ("last night's tail", "2026-09-28 04:00", 3, "work_hours", NIGHT, "2026-09-28 23:00"),
    ("around the clock", "2026-10-01 10:00", 24, "work_hours", ALWAYS, "2026-10-02 10:00"),
    # calendar hours
    ("calendar hours run at night", "2026-09-28 23:00", 24, "hours", OFFICE, "2026-09-29 23:00"),
    ("and through the holidays", "2026-09-30 18:00", 24, "hours", OFFICE, "2026-10-01 18:00"),
    ("thirty minutes", "2026-09-28 10:00", 0.5, "hours", OFFICE, "2026-09-28 10:30"),
    # calendar days: the start day does not count, ends 24:00, rolls off days without work
    ("seven days", "2026-09-07 10:00", 7, "days", OFFICE, "2026-09-15 00:00"),
    ("one day", "2026-09-28 10:00", 1, "days", OFFICE, "2026-09-30 00:00"),
    ("one day at midnight sharp", "2026-09-28 00:00", 1, "days", OFFICE, "2026-09-30 00:00"),
    ("rolls off a Saturday", "2026-09-07 10:00", 5, "days", OFFICE, "2026-09-15 00:00"),
    ("rolls over the whole break", "2026-09-28 10:00", 5, "days", OFFICE, "2026-10-09 00:00"),
    ("ends on a make-up day", "2026-10-08 10:00", 2, "days", OFFICE, "2026-10-11 00:00"),
    ("none: today", "2026-09-28 10:00", 0, "days", OFFICE, "2026-09-29 00:00"),
    ("none on a Sunday: Monday", "2026-10-11 10:00", 0, "days", OFFICE, "2026-10-13 00:00"),
    ("fifteen days", "2026-09-01 10:00", 15, "days", OFFICE, "2026-09-17 00:00"),
    ("around the clock nothing rolls", "2026-09-28 10:00", 5, "days", ALWAYS, "2026-10-04 00:00"),
    # working days
    ("three working days", "2026-09-28 10:00", 3, "work_days", OFFICE, "2026-10-09 00:00"),
    ("one, from a Friday", "2026-09-18 10:00", 1, "work_days", OFFICE, "2026-09-21 00:00"),
    ("one, before a plain weekend", "2026-09-11 10:00", 1, "work_days", OFFICE, "2026-09-15 00:00"),
    ("five", "2026-09-07 10:00", 5, "work_days", OFFICE, "2026-09-15 00:00"),
    ("from a Saturday", "2026-09-12 10:00", 1, "work_days", OFFICE, "2026-09-15 00:00"),
    ("two over Spring Festival", "2026-02-13 10:00", 2, "work_days", OFFICE, "2026-02-25 00:00"),
    ("over New Year", "2025-12-31 10:00", 1, "work_days", OFFICE, "2026-01-06 00:00"),
    ("ends at closing time", "2026-09-28 10:00", 1, "work_days", CLOSES, "2026-09-29 18:00"),
    (
        "none, after closing: at once",
        "2026-09-28 19:00",
        0,
        "work_days",
        CLOSES,
        "2026-09-28 19:00",
    ),
]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "calendar", "due"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_deadline(start, amount, unit, calendar, due):
    assert deadline(at(start), amount, unit, calendar).at == at(due)


PAUSED = [
    ("calendar hours wait", 10, "hours", [("11:00", "14:00")], "2026-09-28 23:00"),
    ("two pauses", 10, "hours", [("11:00", "12:00"), ("13:00", "15:00")], "2026-09-28 23:00"),
    (
        "overlapping pauses count once",
        10,
        "hours",
        [("11:00", "13:00"), ("12:00", "14:00")],
        "2026-09-28 23:00",
    ),
    (
        "a pause before the start does nothing",
        10,
        "hours",
        [("08:00", "09:00")],
        "2026-09-28 20:00",
    ),
    (
        "a pause after the deadline does nothing",
        2,
        "hours",
        [("12:00", "15:00")],
        "2026-09-28 12:00",
    ),
    (
        "a pause over lunch costs working time only",
        4,
        "work_hours",
        [("11:00", "14:00")],
        "2026-09-28 17:00",
    ),
    (
        "a day that is partly paused does not count",
        2,
        "work_days",
        [("11:00", "14:00")],
        "2026-10-01 00:00",
    ),
]


@pytest.mark.parametrize(
    ("amount", "unit", "pauses", "due"), [pytest.param(*c[1:], id=c[0]) for c in PAUSED]
)
def test_paused_time_does_not_count(amount, unit, pauses, due):
    spans = [(at(f"2026-09-28 {a}"), at(f"2026-09-28 {b}")) for a, b in pauses]
    assert deadline(at("2026-09-28 10:00"), amount, unit, OFFICE, pauses=spans).at == at(due)


def test_days_after_a_pause_are_counted_from_the_day_after_it():
    pause = (at("2026-09-09 15:00"), at("2026-09-14 09:00"))
    # 8 September has counted; the resume day 14 does not; 15 and 16 are the second and third.
    due = deadline(at("2026-09-07 10:00"), 3, "work_days", OFFICE, pauses=[pause]).at
    assert due == at("2026-09-17 00:00")


def test_an_extension_adds_units_of_the_same_kind():
    assert deadline(at("2026-09-07 10:00"), 3, "work_days", OFFICE, extra=2).at == at(
        "2026-09-15 00:00"
    )


def test_the_spring_night_has_seven_hours():
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 28, 22, tzinfo=zone)
    assert deadline(start, 7, "work_hours", BERLIN).at == datetime(2026, 3, 29, 6, tzinfo=zone)
    start = datetime(2026, 10, 24, 22, tzinfo=zone)
    assert deadline(start, 9, "work_hours", BERLIN).at == datetime(2026, 10, 25, 6, tzinfo=zone)


@pytest.mark.parametrize("unit", ["work_hours", "days", "work_days"])
def test_a_calendar_that_never_works_is_an_error_not_a_loop(unit):
    never = WorkCalendar(week=plain_week(time(9), time(18), 0))
    with pytest.raises(NoWorkTime):
        deadline(at("2026-09-07 10:00"), 1, unit, never)


def test_every_step_is_told():
    steps = deadline(at("2026-09-30 10:00"), 2, "work_days", OFFICE).steps
    kinds = [step.kind for step in steps]
    assert kinds[0] == "start" and kinds[-1] == "due"
    assert kinds.count("holiday") == 7
    assert kinds.count("counted") == 2


MINUTE = timedelta(minutes=1)


def oracle(start, minutes, calendar, pauses, only_open):
    """Minute by minute, as a clerk with a stop-watch would."""
    now = start
    zone = ZoneInfo(calendar.zone)
    while minutes > 0:
        local = now.astimezone(zone)
        is_open = not only_open or any(
            begin <= now < end
            for back in (0, 1)
            for begin, end in calendar.spans_on(local.date() - timedelta(days=back))
        )
        if is_open and not any(a <= now < b for a, b in pauses):
            minutes -= 1
        now += MINUTE
    return now


minutes_of_september = st.integers(0, 14 * 24 * 60).map(
    lambda m: datetime(2026, 9, 17, tzinfo=UTC) + m * MINUTE
)


@settings(max_examples=150, deadline=None)
@given(
    start=minutes_of_september,
    minutes=st.integers(0, 20 * 60),
    pauses=st.lists(st.tuples(minutes_of_september, st.integers(1, 600)), max_size=3),
    calendar=st.sampled_from([OFFICE, NIGHT, ALWAYS]),
    only_open=st.booleans(),
)
def test_hours_agree_with_a_stop_watch(start, minutes, pauses, calendar, only_open):
    spans = [(a, a + length * MINUTE) for a, length in pauses]
    unit = "work_hours" if only_open else "hours"
    found = deadline(start, minutes / 60, unit, calendar, pauses=spans).at
    slow = oracle(start, minutes, calendar, spans, only_open)
    assert abs((found - slow).total_seconds()) < 1
