"""How far to a deadline and from it, against the clerk who counts minutes, and by hand."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.ground.worktime.rules import (
    NoWorkTime,
    WorkCalendar,
    after,
    before,
    due_at,
    lights,
    opening,
    work_days_left,
)
from tests.conftest import at
from tests.worktime.calendars import CALENDARS
from tests.worktime.oracle import MINUTE, ONE_DAY, Clerk
from tests.worktime.test_oracle import SCENES

OFFICE = CALENDARS["标准工时"]
ALWAYS = CALENDARS["7×24"]


@pytest.mark.parametrize(
    ("due", "amount", "unit", "expected"),
    [
        # Monday 24:00 is Monday's: two working days remain on Thursday morning.
        ("2026-11-24 00:00", 2, "work_days", "2026-11-19 09:00"),
        ("2026-11-24 00:00", 0, "work_days", "2026-11-23 09:00"),
        ("2026-11-27 00:00", 2, "work_days", "2026-11-24 09:00"),
        # A Sunday before falls back to Friday: never later than asked.
        ("2026-11-25 00:00", 2, "days", "2026-11-20 09:00"),
        ("2026-11-25 15:00", 3, "hours", "2026-11-25 12:00"),
        # Three hours of work before 10:00, over the night and lunch.
        ("2026-11-25 10:00", 3, "work_hours", "2026-11-24 16:00"),
        # Over the National Day break: 2026-10-08 is the first day of work again.
        ("2026-10-10 00:00", 3, "work_days", "2026-09-29 09:00"),
    ],
)
def test_before(due, amount, unit, expected):
    assert before(at(due), amount, unit, OFFICE) == at(expected)


@pytest.mark.parametrize(
    ("due", "amount", "unit", "expected"),
    [
        ("2026-11-24 00:00", 1, "work_days", "2026-11-24 09:00"),  # the day after Monday
        ("2026-11-21 00:00", 1, "work_days", "2026-11-23 09:00"),  # Friday 24:00
        ("2026-11-21 00:00", 1, "days", "2026-11-23 09:00"),
        ("2026-11-25 15:00", 1, "work_days", "2026-11-26 09:00"),
        ("2026-11-25 15:00", 0, "work_days", "2026-11-25 15:00"),
        ("2026-11-25 15:00", 0.25, "hours", "2026-11-25 15:15"),
        ("2026-11-25 17:00", 2, "work_hours", "2026-11-26 10:00"),
    ],
)
def test_after(due, amount, unit, expected):
    assert after(at(due), amount, unit, OFFICE) == at(expected)


def test_without_working_time_it_is_an_error_and_no_endless_walk():
    never = WorkCalendar(week=((),) * 7)
    for unit in ("work_days", "work_hours", "days"):
        with pytest.raises(NoWorkTime):
            before(at("2026-11-25 15:00"), 1, unit, never)


def test_a_long_limit_is_amber_at_five_and_red_at_two_working_days():
    start, due = at("2026-11-02 10:00"), at("2026-11-24 00:00")
    found = lights(start, due, OFFICE)
    assert found.red_at == at("2026-11-19 09:00")
    assert found.amber_at <= at("2026-11-16 09:00")
    shown = {
        "2026-11-03 10:00": "green",
        "2026-11-16 09:00": "amber",
        "2026-11-19 08:59": "amber",
        "2026-11-19 09:00": "red",
        "2026-11-24 00:00": "over",
    }
    assert {when: found.at(at(when), due) for when in shown} == shown


def test_a_short_limit_goes_by_the_share_of_its_time():
    start, due = at("2026-11-25 10:00"), at("2026-11-26 10:00")
    found = lights(start, due, ALWAYS)
    assert found.amber_at == at("2026-11-25 22:00")
    assert found.red_at == due - timedelta(hours=4, minutes=48)


def test_of_sixty_days_the_share_comes_first_and_of_six_working_days_the_count():
    start = at("2026-11-02 10:00")
    sixty = lights(start, start + timedelta(days=60), OFFICE)
    assert sixty.amber_at == start + timedelta(days=30)  # earlier than five working days left
    six = due_at(start, 6, "work_days", OFFICE)
    assert lights(start, six, OFFICE).red_at == before(six, 2, "work_days", OFFICE)


@pytest.mark.parametrize("scene", range(len(SCENES)))
def test_like_the_clerk_who_counts_minutes(scene):
    """Working time before a deadline is exactly what was asked; days are counted one by one."""
    name, first, days = SCENES[scene]
    calendar = CALENDARS[name]
    clerk, dice = Clerk(calendar, first, days), random.Random(scene)
    for _ in range(60):
        minute = dice.randrange(30 * 24 * 60, (days - 30) * 24 * 60)
        minute -= dice.choice((0, minute % 60, minute % (24 * 60)))
        due = clerk.begin + minute * MINUTE
        asked = dice.randrange(0, 40 * 60)
        found = clerk.minute_of(before(due, asked / 60, "work_hours", calendar))
        assert sum(clerk.open[found:minute]) == asked, (name, due, asked)
        assert not asked or clerk.open[found]
        _days_like_the_clerk(clerk, calendar, due, dice.choice((0, 1, 2, 3, 5, 8)))


def _days_like_the_clerk(clerk, calendar, due, count):
    last = clerk.day[clerk.minute_of(due) - 1]
    found = before(due, count, "work_days", calendar)
    day = clerk.day[clerk.minute_of(found)]
    assert clerk.work[day] and found == opening(day, calendar)
    between = [day + i * ONE_DAY for i in range(1, (last - day).days + 1)]
    assert sum(clerk.work[one] for one in between) == count
    assert work_days_left(found, due, calendar) == count
    then = after(due, count, "work_days", calendar)
    if count:
        reached = clerk.day[clerk.minute_of(then)]
        passed = [last + i * ONE_DAY for i in range(1, (reached - last).days + 1)]
        assert sum(clerk.work[one] for one in passed) == count and clerk.work[reached]
    assert then >= due


def test_each_takes_few_steps():
    """Shown for every clock of a page. Steps are counted: seconds depend on the machine."""
    start = datetime(2026, 11, 2, 2, tzinfo=UTC)
    steps = 0

    def step(_frame, what, _more):
        nonlocal steps
        steps += what == "call"

    profiled = sys.getprofile()
    sys.setprofile(step)
    try:
        for hours in range(100):
            lights(start, start + timedelta(hours=200 + hours * 4), OFFICE)
    finally:
        sys.setprofile(profiled)
    assert 100 <= steps <= 100 * 200
