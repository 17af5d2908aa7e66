"""Deadlines by the published table (deadlines.csv), and what no table can say."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.ground.worktime.rules import NoWorkTime, WorkCalendar, deadline, due_at, plain_week
from tests.conftest import at
from tests.worktime.calendars import CALENDARS, LUNCH

UNITS = {"小时": "hours", "工作小时": "work_hours", "自然日": "days", "工作日": "work_days"}
RULES = {"": "anew", "重新起算": "anew", "整体顺延": "shift"}
with (Path(__file__).parent / "deadlines.csv").open(encoding="utf-8-sig", newline="") as file:
    TABLE = list(csv.DictReader(file))
OFFICE = CALENDARS["标准工时"]
SPRING = (at("2026-09-28 10:00"), at("2026-09-28 16:00"))


def read(text: str, calendar: WorkCalendar) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


def asked(row: dict[str, str]) -> tuple[tuple, dict]:
    calendar = CALENDARS[row["日历"]]
    pauses = [
        tuple(read(moment, calendar) for moment in pause.split(" 至 "))
        for pause in row["暂停"].split("；")
        if pause
    ]
    how = {"pauses": pauses, "extra": float(row["延长"] or 0), "pause_rule": RULES[row["暂停后"]]}
    return (read(row["开始"], calendar), float(row["数量"]), UNITS[row["单位"]], calendar), how


def test_the_published_table_has_at_least_250_cases():
    assert len({tuple(row.values()) for row in TABLE}) >= 250


@pytest.mark.parametrize("row", [pytest.param(r, id=f"{i}") for i, r in enumerate(TABLE, 2)])
def test_deadline_of_the_published_table(row):
    question, how = asked(row)
    expected = read(row["到期"], question[3])
    assert due_at(*question, **how) == expected.astimezone(UTC), row["说明"]
    assert deadline(*question, **how).at == expected.astimezone(UTC), row["说明"]


@pytest.mark.parametrize("unit", ["work_hours", "days", "work_days"])
def test_a_calendar_that_never_works_is_an_error_not_a_loop(unit):
    never = WorkCalendar(week=plain_week(time(9), time(18), 0))
    with pytest.raises(NoWorkTime):
        deadline(at("2026-09-07 10:00"), 1, unit, never)


@pytest.mark.parametrize(
    ("amount", "unit"), [(-1, "hours"), (1.5, "work_days"), (0.5, "days"), (10**6, "hours")]
)
def test_an_amount_that_makes_no_sense_is_refused(amount, unit):
    with pytest.raises(ValueError, match=r"days are counted whole|between nothing and ten years"):
        due_at(at("2026-09-07 10:00"), amount, unit, OFFICE)


@pytest.mark.parametrize("unit", ["hours", "work_hours", "days", "work_days"])
def test_a_pause_that_still_lasts_moves_nothing_yet(unit):
    start = at("2026-09-28 10:00")
    plain = due_at(start, 3, unit, OFFICE)
    lasting = [(at("2026-09-28 11:00"), None)]
    assert due_at(start, 3, unit, OFFICE, pauses=lasting) == plain


def test_what_two_shifts_share_is_worked_once():
    double = CALENDARS["双班"]  # 07–15 and 14–22: fifteen hours, not sixteen
    start = at("2026-09-28 07:00")
    assert due_at(start, 15, "work_hours", double) == at("2026-09-28 22:00")
    tail = WorkCalendar(week=(((time(20), time(8)), (time(6), time(10))),) * 7)
    assert due_at(at("2026-09-28 06:00"), 4, "work_hours", tail) == at("2026-09-28 10:00")


def test_a_holiday_stops_its_own_shifts_and_not_last_nights_tail():
    night = CALENDARS["工作日夜班"]
    start = at("2026-09-30 20:00")  # the eve of National Day: until four in the morning
    assert due_at(start, 8, "work_hours", night) == at("2026-10-01 04:00")
    assert due_at(start, 9, "work_hours", night) == at("2026-10-08 21:00")


def test_a_make_up_day_beats_a_holiday_and_has_its_given_shifts():
    day = date(2026, 10, 1)
    short = WorkCalendar(
        week=LUNCH, holidays=frozenset([day]), makeup={day: ((time(10), time(12)),)}
    )
    assert due_at(at("2026-10-01 08:00"), 2, "work_hours", short) == at("2026-10-01 12:00")


def test_the_policy_may_end_days_at_the_close_of_business():
    start = at("2026-09-28 10:00")
    assert due_at(start, 1, "work_days", OFFICE) == at("2026-09-30 00:00")
    assert due_at(start, 1, "work_days", OFFICE, ends_at_close=True) == at("2026-09-29 18:00")


def test_every_step_is_told():
    steps = deadline(at("2026-09-30 10:00"), 2, "work_days", OFFICE).steps
    kinds = [step.kind for step in steps]
    assert kinds[0] == "start" and kinds[-1] == "due"
    assert kinds.count("holiday") == 7
    assert kinds.count("counted") == 2
    kinds = [step.kind for step in deadline(at("2026-10-09 10:00"), 1, "work_days", OFFICE).steps]
    assert kinds == ["start", "not_counted", "makeup", "due"]


def test_the_steps_of_hours_add_up():
    found = deadline(at("2026-09-30 17:00"), 3, "work_hours", OFFICE, pauses=[SPRING], extra=1)
    worked = [s.values["until"] - s.values["from"] for s in found.steps if s.kind == "worked"]
    assert sum(worked, timedelta()) == timedelta(hours=4)


def test_a_year_that_is_not_announced_says_so():
    known = WorkCalendar(week=LUNCH, announced=frozenset({2026}))
    kinds = [s.kind for s in deadline(at("2026-12-30 10:00"), 5, "work_days", known).steps]
    assert "provisional" in kinds
    kinds = [s.kind for s in deadline(at("2026-12-01 10:00"), 5, "work_days", known).steps]
    assert "provisional" not in kinds
