"""Working out a sum with the numbers in force today; nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules.calendars import NoWorkTime
from huiyin.journey.resolution import calculators
from huiyin.journey.resolution.calculators import Known, Result
from huiyin.journey.resolution.models import figures, numbers_on
from huiyin.journey.resolution.shapes import Wrong

CALENDAR = "office"  # in which the days of a law end, and the days of a remedy are counted


def calculate(kind: str, typed: Any) -> Result:
    """The sum, its steps and what to think of; what was mistyped is refused in a sentence."""
    known = Known(numbers_on(moment.today(), figures()), after_the_holiday)
    try:
        return calculators.calculate(kind, typed, known)
    except Wrong as wrong:
        raise Invalid(str(wrong), **{wrong.name or "inputs": str(wrong)}) from wrong


def after_the_holiday(day: date) -> date:
    """This day, or the first working day after it."""
    try:
        return calendar(CALENDAR).next_workday(day)
    except NoWorkTime:
        return day


def due_after(days: int) -> date:
    """The working day on which something that takes so many is due, counted from tomorrow."""
    try:
        return calendar(CALENDAR).workday_after(moment.today(), days)
    except NoWorkTime:
        return moment.today()
