"""The numbers beside the views: kept some seconds for who sees the same, and for nobody else."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.ground import moment
from huiyin.ground.people.models import Membership, User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.actions import restrict
from huiyin.surface import kept
from huiyin.surface.oversight import board
from huiyin.surface.workbench import lists
from tests.conftest import person

pytestmark = pytest.mark.django_db


def counted(user: User) -> dict[str, int]:
    """As in a request of its own: nothing that a person object remembers counts."""
    return lists.counts(User.objects.get(pk=user.pk), moment.now())


def questions(user: User) -> int:
    again = User.objects.get(pk=user.pk)
    with CaptureQueriesContext(connection) as queries:
        lists.counts(again, moment.now())
    return sum('FROM "complaint_complaint"' in query["sql"] for query in queries)


@pytest.fixture
def later(monkeypatch):
    """The kept figures are older than they may become."""
    now = time.time()
    return lambda: monkeypatch.setattr(
        "django.core.cache.backends.locmem.time.time", lambda: now + kept.FRESH_FOR + 1
    )


def test_open_rows_are_counted_once_in_some_seconds(manager, make_complaint, later):
    make_complaint(status="TRI")
    assert questions(manager) == 2  # all views at once, and one's own
    assert questions(manager) == 1
    make_complaint(status="TRI")
    assert counted(manager)["waiting"] == 1
    later()
    assert counted(manager)["waiting"] == 2


def test_who_sees_the_same_shares_the_count(manager, make_complaint):
    make_complaint(status="TRI")
    counted(manager)
    assert questions(person("lu", "陆远", Role.MANAGER)) == 1


def test_ones_own_are_always_now(li, after_sales, make_complaint):
    assert counted(li)["mine"] == 0
    make_complaint(status="HND", team=after_sales, assignee=li)
    assert counted(li)["mine"] == 1


def test_a_count_never_tells_what_another_may_see(manager, li, sun, after_sales, make_complaint):
    make_complaint(status="TRI", team=after_sales)
    assert counted(manager)["waiting"] == 1
    assert counted(li)["waiting"] == 1
    assert counted(sun)["waiting"] == 0


def test_a_change_of_sight_counts_at_once(manager, sun, after_sales, make_complaint):
    make_complaint(status="TRI", team=after_sales)
    assert counted(sun)["waiting"] == 0
    Membership.objects.create(user=sun, team=after_sales)
    assert counted(sun)["waiting"] == 1
    Membership.objects.filter(user=sun, team=after_sales).delete()
    assert counted(sun)["waiting"] == 0


def test_who_is_named_for_a_restricted_one_has_a_count_of_his_own(manager, make_complaint, later):
    lu = person("lu", "陆远", Role.MANAGER)
    complaint = make_complaint(status="TRI")
    restrict(complaint, by=lu, people=[], reason="涉及内部人员")
    assert counted(lu)["waiting"] == 1
    assert counted(manager)["waiting"] == 0


def test_the_board_reads_the_open_rows_once_in_some_seconds(manager, make_complaint, later):
    make_complaint(status="HND")
    first = board.read(board.seen_by(manager))
    make_complaint(status="HND")
    with CaptureQueriesContext(connection) as queries:
        again = board.read(board.seen_by(manager))
    assert (again.total.open, again.at) == (1, first.at)  # and the page says of when
    assert len(again.waiting) == 2
    assert len(queries) == 1
    later()
    assert board.read(board.seen_by(manager)).total.open == 2


def test_the_board_of_a_team_is_not_that_of_all(manager, after_sales, logistics, make_complaint):
    make_complaint(status="HND", team=after_sales)
    assert board.read(board.seen_by(manager)).total.open == 1
    assert board.read(board.seen_by(manager, logistics)).total.open == 0
    assert board.read(board.seen_by(manager, after_sales)).total.open == 1
