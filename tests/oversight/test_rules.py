"""The board's arithmetic as tables a manager could read."""

from datetime import date, timedelta

import pytest

from huiyin.surface.oversight import rules
from huiyin.surface.oversight.charts import beside_bar
from huiyin.surface.oversight.rules import Group, Load

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "label"),
    [
        (0 * HOUR, "0–1"),
        (23 * HOUR, "0–1"),
        (24 * HOUR, "1–3"),
        (3 * DAY - HOUR, "1–3"),
        (3 * DAY, "3–5"),
        (5 * DAY, "5–15"),
        (15 * DAY, "> 15"),
        (400 * DAY, "> 15"),
    ],
)
def test_an_age_falls_into_one_bucket(age, label):
    assert rules.AGE_LABELS[rules.age_bucket(age)] == label


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 8, "12.5%"), (1, 2, "50%"), (0, 3, "0%"), (0, 0, "—"), (3, 0, "—"), (1, 3, "33.3%")],
)
def test_a_share_of_nothing_is_no_number(part, whole, shown):
    assert rules.percent(part, whole) == shown


GROUPS = [
    Group(1, 10, 1, Load(2, 1, 1, 2, 4 * DAY, (1, 0, 1, 0, 0))),
    Group(1, 11, 3, Load(5, 0, 0, 0, 5 * DAY, (5, 0, 0, 0, 0))),
    Group(2, None, 3, Load(9, 2, 3, 0, 90 * DAY, (0, 0, 0, 9, 0))),
]


def test_roll_ups_agree_with_the_total():
    whole = rules.total(GROUPS)
    assert (whole.open, whole.due_today, whole.overdue, whole.urgent) == (16, 3, 4, 2)
    for key in (lambda g: g.team, lambda g: g.person, lambda g: g.severity):
        assert sum(load.open for load in rules.by(GROUPS, key).values()) == whole.open
    assert sum(whole.ages) == whole.open


def test_the_most_overdue_stands_first():
    assert list(rules.by(GROUPS, lambda g: g.team)) == [2, 1]


def test_average_age_of_nothing_is_nothing():
    assert Load().average_age_days == 0
    assert Load(2, age=3 * DAY).average_age_days == 1.5


def test_one_urgent_complaint_is_never_pale():
    cells = rules.heat(GROUPS)
    assert [(c.count, c.tone) for c in cells[1]] == [(2, 4), (0, 0), (5, 3), (0, 0)]
    assert [(c.count, c.tone) for c in cells[2]] == [(0, 0), (0, 0), (9, 4), (0, 0)]


def test_pareto_adds_up_and_names_the_vital_few():
    found = rules.pareto([("b", 15), ("a", 70), ("c", 10), ("d", 5), ("none", 0)])
    assert [b.code for b in found.bars] == ["a", "b", "c", "d"]
    assert found.bars[-1].cumulative == 1
    assert found.vital == 2
    assert found.rest == 0


def test_pareto_of_nothing_is_empty():
    assert rules.pareto([]) == rules.Pareto((), 0, 0)
    assert rules.pareto([]).vital == 0


def test_many_small_causes_are_counted_in_the_rest():
    found = rules.pareto([(f"c{i:02}", 1) for i in range(25)])
    assert (len(found.bars), found.rest, found.total, found.vital) == (10, 15, 25, 0)


def test_quiet_days_are_zero():
    over = rules.days(date(2026, 11, 23), 3)
    assert over == [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]
    assert rules.series({date(2026, 11, 22): 4}, over) == [0, 4, 0]


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        ([1] * 7 + [2] * 7 + [0], 1),
        ([2] * 7 + [1] * 7 + [99], -1),
        ([10] * 7 + [10] * 6 + [13, 0], 0),
        ([0] * 7 + [1] * 7 + [0], 1),
        ([0] * 15, 0),
    ],
)
def test_the_trend_compares_whole_weeks(values, direction):
    assert rules.week_trend(values).direction == direction


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("物流配送 / 内件短少", "内件短少"),
        ("商品 / 电子产品频繁死机或功能故障", "电子产品频繁死机或功能…"),
        ("待分类", "待分类"),
    ],
)
def test_a_category_beside_its_bar_is_short_enough_to_read(path, shown):
    assert beside_bar(path) == shown
