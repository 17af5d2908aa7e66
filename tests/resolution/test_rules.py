"""Authority on paper: sums, limits, signatures, and money as people type it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from huiyin.journey.resolution.rules import (
    MOST_FEN,
    Limit,
    deciders,
    due_is_sensible,
    judge,
    month_begins,
    read_yuan,
    signs_as,
    widest,
)

AGENT = Limit("agent", 5_000, 100_000)
LEAD = Limit("lead", 100_000, 3_000_000)
SUPERVISOR = Limit("supervisor", 300_000, 10_000_000)
MANAGER = Limit("manager", 1_000_000, None)
LIMITS = [MANAGER, AGENT, SUPERVISOR, LEAD]


@pytest.mark.parametrize(
    ("amount", "case", "month", "within", "bound"),
    [
        pytest.param(5_000, 0, 0, True, "", id="exactly the limit"),
        pytest.param(5_001, 0, 0, False, "case", id="one fen above"),
        pytest.param(3_000, 2_001, 0, False, "case", id="split over the case"),
        pytest.param(3_000, 2_000, 0, True, "", id="just fits the case"),
        pytest.param(3_000, 0, 97_001, False, "month", id="above the month"),
        pytest.param(3_000, 0, 97_000, True, "", id="just fits the month"),
        pytest.param(0, 9_999_999, 9_999_999, True, "", id="nothing needs no authority"),
    ],
)
def test_a_sum_is_judged_by_case_and_month(amount, case, month, within, bound):
    verdict = judge(amount, limit=AGENT, case_fen=case, month_fen=month)
    assert (verdict.within, verdict.bound) == (within, bound)


def test_without_a_limit_of_ones_own_one_may_promise_nothing():
    assert not judge(1, limit=None, case_fen=0, month_fen=0).within


def test_a_role_without_bound_may_promise_anything():
    free = Limit("manager", None, None)
    assert judge(MOST_FEN, limit=free, case_fen=MOST_FEN, month_fen=MOST_FEN).within


def test_of_several_roles_the_widest_counts():
    assert widest(LIMITS, ["agent", "lead"]) == LEAD
    assert widest(LIMITS, ["visitor"]) is None
    unbounded = Limit("lead", None, None)
    assert widest([AGENT, unbounded], ["agent", "lead"]) == unbounded


@pytest.mark.parametrize(
    ("total", "roles"),
    [
        (1, ["lead", "supervisor", "manager"]),
        (100_000, ["lead", "supervisor", "manager"]),
        (100_001, ["supervisor", "manager"]),
        (300_001, ["manager"]),
        (1_000_000, ["manager"]),
        (1_000_001, []),
    ],
)
def test_the_nearest_who_may_approve_comes_first_and_agents_never_approve(total, roles):
    assert deciders(total, LIMITS) == roles


@pytest.mark.parametrize(
    ("roles", "signed", "role"),
    [
        (["manager"], [], "manager"),
        (["manager"], ["manager"], ""),
        (["legal", "finance"], ["finance"], "legal"),
        (["lead"], [], ""),
    ],
)
def test_each_of_the_three_signs_once(roles, signed, role):
    assert signs_as(roles, signed) == role


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("58", 5_800),
        ("58.5", 5_850),
        ("58.50", 5_850),
        ("0.01", 1),
        ("", 0),
        ("  ", 0),
        ("0", 0),
        ("1,200", 120_000),
        ("1，200.50", 120_050),
        ("￥1,058.00", 105_800),
        ("¥ 20", 2_000),
        ("20 元", 2_000),
        ("２０．５", 2_050),
        ("100000000", MOST_FEN),
        # What could mean two things, or is no sum, is refused rather than guessed.
        ("五十", None),
        ("1.200", None),
        ("12,00", None),
        ("1,2,0", None),
        ("1.200,50", None),
        ("-5", None),
        ("+5", None),
        ("1e3", None),
        ("5.", None),
        (".5", None),
        ("58.555", None),
        ("٥٠", None),
        ("NaN", None),
        ("1.2万", None),
        ("50-80", None),
        ("100000000.01", None),
        ("9" * 400, None),
        ("58\x00", None),
        ("$58", None),
    ],
)
def test_money_as_it_is_typed(typed, fen):
    assert read_yuan(typed) == fen


def test_a_month_begins_at_midnight_of_its_first_day():
    assert month_begins(datetime(2026, 11, 25, 21, 50, 3, 7)) == datetime(2026, 11, 1)


@pytest.mark.parametrize(
    ("due", "sensible"),
    [
        (date(2026, 11, 25), True),
        (date(2026, 11, 24), False),
        (date(2027, 11, 26), True),
        (date(2062, 11, 25), False),
    ],
)
def test_a_day_to_be_kept_lies_between_today_and_a_year(due, sensible):
    assert due_is_sensible(due, date(2026, 11, 25)) is sensible
