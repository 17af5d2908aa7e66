"""Views, filters, sentences, pages by key: what a list shows, to whom, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid
from huiyin.surface.workbench import lists
from huiyin.surface.workbench.lists import Filters, page
from tests.conftest import at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-25 10:00")


def numbers(user, now=NOW, **asked) -> set[str]:
    return {row.number for row in Filters.read(asked).pick(user, now)}


@pytest.fixture
def rows(make_complaint, after_sales, logistics, li, sun, wang_fang):
    """One complaint of each kind that a filter tells apart, by a short name."""
    due = {"next_due_kind": "resolution"}
    return {
        "mine": make_complaint(
            team=after_sales,
            assignee=li,
            status="HND",
            severity=2,
            category="AS.01.01",
            risks=["safety"],
            next_due_at=NOW + timedelta(hours=1),
            received_at=at("2026-11-20 09:00"),
            **due,
        ),
        "pool": make_complaint(
            team=after_sales,
            status="TRI",
            severity=3,
            category="DL.01",
            channel="email",
            next_due_at=NOW + timedelta(hours=30),
            received_at=at("2026-11-21 23:59"),
            **due,
        ),
        "late": make_complaint(
            team=after_sales,
            assignee=li,
            status="HND",
            severity=1,
            next_due_at=NOW - timedelta(minutes=1),
            received_at=at("2026-11-22 00:00"),
            **due,
        ),
        "ended": make_complaint(
            team=after_sales,
            assignee=li,
            status="CLO",
            severity=4,
            received_at=at("2026-10-01 10:00"),
        ),
        "foreign": make_complaint(
            team=logistics, assignee=sun, status="HND", received_at=at("2026-11-22 10:00")
        ),
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"mine", "late"}),
        ({"view": "waiting"}, {"pool"}),
        ({"view": "soon"}, {"mine"}),
        ({"view": "late"}, {"late"}),
        ({"view": "s1"}, {"late"}),
        ({"view": "visit"}, set()),
        ({"view": "open"}, {"mine", "pool", "late"}),
        ({"view": "all"}, {"mine", "pool", "late", "ended"}),
        ({"view": "all", "status": "CLO"}, {"ended"}),
        ({"view": "all", "severity": "3"}, {"pool"}),
        ({"view": "all", "category": "AS"}, {"mine"}),
        ({"view": "all", "channel": "email"}, {"pool"}),
        ({"view": "all", "risk": "safety"}, {"mine"}),
        ({"view": "all", "assignee": "0"}, {"pool"}),
        ({"view": "all", "due": "late"}, {"late"}),
        ({"view": "all", "due": "soon"}, {"mine"}),
        ({"view": "all", "due": "today"}, {"mine"}),
        ({"view": "all", "due": "3d"}, {"mine", "pool"}),
        ({"view": "all", "since": "2026-11-21", "until": "2026-11-21"}, {"pool"}),
        ({"view": "all", "until": "2026-10-31"}, {"ended"}),
        ({"view": "all", "status": "nonsense", "severity": "9", "due": "x"}, None),
        ({"view": "all", "since": "2026-02-30", "team": "²", "assignee": "-1"}, None),
        ({"q": "电饭煲"}, {"mine", "pool", "late", "ended"}),
        ({"q": "没有这个词"}, set()),
        ({"q": "\0"}, {"mine", "late"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_a_list_shows_exactly_what_was_asked_for(rows, li, asked, found):
    if found is None:  # what makes no sense is left out of account
        found = {"mine", "pool", "late", "ended"}
    assert numbers(li, **asked) == {rows[name].number for name in found}


@pytest.mark.parametrize("view", lists.BY_KEY)
def test_a_stranger_to_the_team_sees_none_of_it_in_any_view(rows, sun, view):
    ours = {row.number for name, row in rows.items() if name != "foreign"}
    assert numbers(sun, view=view, q="") & ours == set()


def test_counts_are_those_of_the_views(rows, li, manager):
    for user in (li, manager):
        counted = lists.counts(user, NOW)
        assert counted == {
            view.key: len(numbers(user, view=view.key)) for view in lists.VIEWS if view.key != "all"
        }


def test_the_conditions_of_a_list_can_be_read_aloud_and_asked_for_again(rows, li, after_sales):
    asked = {
        "view": "open",
        "severity": "2",
        "risk": "safety",
        "due": "soon",
        "since": "2026-11-01",
        "assignee": "0",
        "team": str(after_sales.pk),
    }
    filters = Filters.read(asked)
    assert filters.query() == asked
    said = lists.chips(filters, {"team": "售后组", "category": "", "assignee": ""})
    assert [sentence for _name, sentence in said] == [
        "级别是 S2 严重",
        "小组是 售后组",
        "无人处理",
        "有风险：人身安全",
        "4 小时内到期",
        "受理于 2026-11-01 起",
    ]


@pytest.mark.parametrize("sort", lists.ORDERS)
def test_pages_by_key_show_every_row_once_in_order(make_complaint, manager, sort, monkeypatch):
    monkeypatch.setattr("huiyin.surface.workbench.lists.pages.PAGE", 7)
    begin = moment.now()
    made = [
        make_complaint(
            status="HND",
            severity=[1, 2, None][i % 3],
            next_due_at=begin + timedelta(hours=i // 3) if i % 4 else None,
            received_at=begin - timedelta(minutes=i // 2),
        )
        for i in range(20)
    ]
    found = Filters.read({"view": "open"}).pick(manager, begin)
    seen, after = [], ""
    for _ in range(5):
        rows, after = page(found, sort, after)
        seen += rows
        if not after:
            break
    assert sorted(row.pk for row in seen) == sorted(c.pk for c in made)
    field = lists.ORDERS[sort].field
    values = [getattr(row, field) for row in seen]
    there = [value for value in values if value is not None]
    assert values[: len(there)] == there  # those without come last
    assert there == sorted(there, reverse=lists.ORDERS[sort].descending)


@pytest.mark.parametrize(
    "cursor", ["x", "e30=", "WyJ4IiwgMV0=", "W251bGwsIDk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==", "🙂"]
)
def test_a_cursor_that_was_tampered_with_is_refused_in_words(manager, cursor):
    with pytest.raises(Invalid, match="请回到第一页"):
        page(Filters.read({"view": "open"}).pick(manager, NOW), "due", cursor)
