"""Judgement on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.journey.routing.rules import Candidate as C
from huiyin.journey.routing.rules import choose, in_row, may_urge, route_for
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


EARLIER = NOON - timedelta(hours=1)
TABLE = [
    # what is asked, who is there, who gets it, what decided
    ({}, [], None, []),
    ({}, [C(1)], 1, ["only"]),
    ({}, [C(1, 3), C(2, 2)], 2, ["least"]),
    ({}, [C(1, 2, NOON), C(2, 2, EARLIER)], 2, ["least"]),  # waited longer
    ({}, [C(1, 2, NOON), C(2, 2, None)], 2, ["least"]),  # never had one
    ({}, [C(2), C(1)], 1, ["least"]),
    # S1 and S2 go round, whatever one carries; others do not ask for that
    ({"grave": True}, [C(1, 0, grave=2), C(2, 9, grave=1)], 2, ["rotated"]),
    ({"grave": True}, [C(1, 4, grave=1), C(2, 3, grave=1)], 2, ["least"]),
    ({"grave": True}, [C(1, 4), C(2, 3), C(3, 0, grave=5)], 2, ["rotated", "least"]),
    ({}, [C(1, 0, grave=2), C(2, 9, grave=1)], 1, ["least"]),
    # no third angry customer in a row, if another can take it
    ({"angry": True}, [C(1, 0, angry_in_row=2), C(2, 9)], 2, ["spared"]),
    ({"angry": True}, [C(1, 0, angry_in_row=1), C(2, 9)], 1, ["least"]),
    ({"angry": True}, [C(1, 1, angry_in_row=3), C(2, 0, angry_in_row=2)], 2, ["least"]),
    ({"angry": True}, [C(1, 0, angry_in_row=2)], 1, ["only"]),
    ({}, [C(1, 0, angry_in_row=2), C(2, 9)], 1, ["least"]),
    # whoever can what is wanted goes first; among those the rest decides
    ({"wanted": 1}, [C(1, 0, missing=1), C(2, 9, level=1)], 2, ["skilled"]),
    ({"wanted": 2}, [C(1, 0, missing=2), C(2, 9, missing=1)], 2, ["unskilled"]),
    ({"wanted": 1}, [C(1, 1, level=1), C(2, 1, level=3)], 2, ["skilled", "least"]),
    ({"wanted": 1}, [C(1, 0, missing=1), C(2, 0, missing=1)], 1, ["unskilled", "least"]),
    # angry before grave: both, and one who had neither
    ({"angry": True, "grave": True}, [C(1, angry_in_row=2), C(2, grave=1), C(3, 5)], 3,
     ["spared", "rotated"]),
    # a skill goes before being spared: only one can speak with the customer
    ({"angry": True, "wanted": 1}, [C(1, angry_in_row=2), C(2, missing=1)], 1, ["skilled"]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "people", "person", "why"), TABLE)
def test_who_gets_it_and_what_decided(asked, people, person, why):
    chosen = choose(people, **asked)
    assert (chosen.person if chosen else None) == person
    assert [reason["why"] for reason in chosen.why] == why if chosen else not why
    # Who is asked first makes no difference.
    again = choose(people[::-1], **asked)
    assert (again.person if again else None) == person


def test_angry_ones_are_counted_from_the_last():
    assert in_row([]) == 0
    assert in_row([False, True]) == 0
    assert in_row([True, False]) == 1
    assert in_row([True, True]) == 2


def test_a_customer_may_urge_every_four_hours():
    assert may_urge(None, NOON)
    assert not may_urge(NOON - timedelta(hours=3, minutes=59), NOON)
    assert may_urge(NOON - timedelta(hours=4), NOON)
