"""Call-backs on paper."""

from __future__ import annotations

from datetime import UTC, time

import pytest

from huiyin.ground.worktime.rules.calendars import WorkCalendar, plain_week
from huiyin.journey.callbacks.rules import next_try, offset_of, results_of
from huiyin.journey.callbacks.words import PartOfDay, Result
from tests.conftest import SHANGHAI, at

OFFICE = WorkCalendar(week=plain_week(time(9), time(18)))
MORNING, NOON, AFTERNOON, EVENING = PartOfDay


@pytest.mark.parametrize(
    ("now", "tried", "then"),
    [
        ("2026-11-23 09:10", [MORNING], "2026-11-23 11:30"),
        ("2026-11-23 11:10", [MORNING], "2026-11-23 12:10"),  # an hour later at least
        ("2026-11-23 12:00", [MORNING, NOON], "2026-11-23 14:00"),
        ("2026-11-23 16:00", [AFTERNOON], "2026-11-24 09:00"),
        ("2026-11-27 17:30", [AFTERNOON, NOON], "2026-11-30 09:00"),  # over the weekend
        ("2026-11-23 20:00", [EVENING], "2026-11-24 09:00"),
        ("2026-11-23 16:00", [MORNING, NOON, AFTERNOON], "2026-11-23 17:00"),  # nothing is left
    ],
)
def test_the_next_try_is_in_a_part_of_the_day_not_tried(now, tried, then):
    spans = OFFICE.open_spans(at(now).astimezone(UTC))
    assert next_try(at(now), tried, spans, SHANGHAI) == at(then)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("75", 75),
        ("1:15", 75),
        ("0:01:15", 75),
        ("1:75", None),
        ("-1", None),
        ("a", None),
        ("", None),
        ("99:99:99:99", None),
        ("９", None),
        ("999999", None),
    ],
)
def test_a_place_in_a_recording(typed, seconds):
    assert offset_of(typed) == seconds


def test_a_visit_asks_for_an_opinion_other_calls_do_not():
    assert Result.TALKED not in results_of("visit") and Result.FAIR in results_of("visit")
    assert Result.FAIR not in results_of("promise") and Result.TALKED in results_of("promise")
