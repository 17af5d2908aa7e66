"""Judgement on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.journey.routing.rules import Load, least_loaded, may_urge, route_for
from tests.conftest import at

ROUTES = {"": 9, "SF": 1, "SF.02": 2, "IN.02.04": 3}
NOON = at("2026-11-25 12:00")


@pytest.mark.parametrize(
    ("category", "team"),
    [
        ("SF.02.01", 2),
        ("SF.01", 1),
        ("SF", 1),
        ("SFX.01", 9),
        ("IN.02.04", 3),
        ("IN.02", 9),
        ("", 9),
    ],
)
def test_the_longest_prefix_wins(category, team):
    assert route_for(category, ROUTES) == team


def test_without_a_route_there_is_no_team():
    assert route_for("SF.01", {}) is None


@pytest.mark.parametrize(
    ("loads", "chosen"),
    [
        ([Load(1, 3), Load(2, 2)], 2),
        ([Load(1, 2, NOON), Load(2, 2, NOON - timedelta(hours=1))], 2),  # waited longer
        ([Load(1, 2, NOON), Load(2, 2, None)], 2),  # never had one
        ([Load(2, 0), Load(1, 0)], 1),
        ([], None),
    ],
)
def test_whoever_carries_least_gets_it(loads, chosen):
    assert least_loaded(loads) == chosen


def test_a_customer_may_urge_every_four_hours():
    assert may_urge(None, NOON)
    assert not may_urge(NOON - timedelta(hours=3, minutes=59), NOON)
    assert may_urge(NOON - timedelta(hours=4), NOON)
