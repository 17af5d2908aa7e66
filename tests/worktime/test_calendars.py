"""Calendars as rows: the national days that come with the product, and edits that count at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from huiyin.ground.worktime.models import Calendar, CalendarDay, calendar, forget
from huiyin.ground.worktime.rules import due_at
from huiyin.ground.worktime.words import DayKind
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _read_again():
    forget()
    yield
    forget()


def test_the_office_has_a_lunch_break():
    start = at("2026-09-28 11:30")
    assert due_at(start, 1, "work_hours", calendar("office")) == at("2026-09-28 13:30")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-02", False),
        ("2026-01-04", True),  # Sunday, made up
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-04-06", False),
        ("2026-05-05", False),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2027-01-01", False),
        ("2027-02-08", False),
    ],
)
def test_the_national_days_are_data(day, works):
    on = date.fromisoformat(day)
    assert calendar("office").is_workday(on) is works
    assert calendar("always").is_workday(on)  # the round-the-clock desk knows no holidays


def test_2027_is_provisional_and_says_so():
    assert CalendarDay.objects.filter(day__year=2027, provisional=False).count() == 0
    assert (calendar("office").announced or set()) >= {2025, 2026}
    assert calendar("office").is_provisional(date(2026, 12, 30), date(2027, 1, 4))
    assert not calendar("office").is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    assert not calendar("always").is_provisional(date(2027, 1, 1), date(2028, 1, 1))


def test_a_day_added_changed_and_taken_out_counts_at_once():
    monday = date(2026, 11, 30)
    assert calendar("office").is_workday(monday)
    row = CalendarDay.objects.create(day=monday, kind=DayKind.HOLIDAY, name="盘点")
    assert not calendar("office").is_workday(monday)
    row.kind = DayKind.MAKEUP
    row.save()
    assert calendar("office").is_workday(monday)
    row.kind = DayKind.HOLIDAY
    row.save()
    row.delete()
    assert calendar("office").is_workday(monday)


def test_a_calendars_own_day_beats_the_national_one():
    office = Calendar.objects.get(code="office")
    CalendarDay.objects.create(calendar=office, day=date(2026, 10, 1), kind=DayKind.MAKEUP)
    assert calendar("office").is_workday(date(2026, 10, 1))


def test_loading_reference_rows_again_overwrites_no_edit():
    CalendarDay.objects.filter(day=date(2026, 10, 8), calendar=None).delete()
    CalendarDay.objects.filter(day=date(2026, 10, 7), calendar=None).update(name="自己的名字")
    call_command("load_reference", verbosity=0)
    assert CalendarDay.objects.get(day=date(2026, 10, 7), calendar=None).name == "自己的名字"


@pytest.mark.parametrize(
    "week", [[], [[]] * 6, [[["9", "18:00"]]] * 7, "x", [[["09:00"]]] * 7, None]
)
def test_a_week_that_is_none_is_refused(week):
    with pytest.raises(ValidationError):
        Calendar(code="x", name="x", week=week).clean_fields(exclude=["name_en"])
