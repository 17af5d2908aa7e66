"""The closure on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huiyin.journey.callbacks.rules import part_of_day, parts_tried, tried_enough
from huiyin.journey.closure.rules import in_sample, may_reopen

NOW = datetime(2026, 11, 25, 12)


def test_a_sample_is_steady_and_as_large_as_it_is_said_to_be():
    keys = [f"TS2026-{n:06d}" for n in range(5000)]
    visited = [in_sample(key, 20) for key in keys]
    assert abs(sum(visited) / 50 - 20) < 2
    assert visited == [in_sample(key, 20) for key in keys]
    assert not any(in_sample(key, 0) for key in keys)
    assert all(in_sample(key, 100) for key in keys)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ("00:00", "morning"),
        ("11:29", "morning"),
        ("11:30", "noon"),
        ("13:59", "noon"),
        ("14:00", "afternoon"),
        ("17:59", "afternoon"),
        ("18:00", "evening"),
        ("23:59", "evening"),
    ],
)
def test_parts_of_the_day(clock, part):
    assert part_of_day(at(f"2026-11-25 {clock}")) == part


@pytest.mark.parametrize(
    ("tries", "enough"),
    [
        ([], False),
        (["2026-11-25 09:10", "2026-11-25 09:11", "2026-11-25 09:12"], False),
        (["2026-11-25 09:10", "2026-11-26 09:10", "2026-11-27 09:10"], False),
        (["2026-11-25 09:10", "2026-11-25 12:10", "2026-11-25 12:40"], False),
        (["2026-11-25 09:10", "2026-11-25 12:10", "2026-11-25 15:00"], True),
        (["2026-11-25 09:10", "2026-11-26 19:00", "2026-11-27 15:00"], True),
    ],
)
def test_three_tries_count_only_in_three_parts_of_the_day(tries, enough):
    assert tried_enough([at(t) for t in tries]) is enough


def test_the_parts_are_told_in_the_order_they_were_tried():
    assert parts_tried([at("2026-11-25 15:00"), at("2026-11-26 09:00")]) == ["afternoon", "morning"]


@pytest.mark.parametrize(
    ("passed", "may"),
    [
        (timedelta(0), True),
        (timedelta(days=30), True),
        (timedelta(days=30, seconds=1), False),
    ],
)
def test_one_may_reopen_for_thirty_days(passed, may):
    assert may_reopen(NOW - passed, NOW) is may


def test_what_was_never_closed_is_not_reopened():
    assert not may_reopen(None, NOW)
