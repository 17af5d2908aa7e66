"""The board counts exactly what its reader may see."""

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.oversight import rules
from huiyin.surface.oversight.board import month, read, seen_by
from tests.conftest import at, person

NOW = "2026-11-20 15:00"


@pytest.fixture
def house(make_complaint, after_sales, logistics, li, sun):
    """Complaints of two teams and of none, of all ages, one restricted, some ended."""
    with moment.at(at(NOW)):
        now = moment.now()

        def make(days_ago, **fields):
            fields.setdefault("status", "HND")
            return make_complaint(received_at=now - timedelta(days=days_ago), **fields)

        make(0.1, team=after_sales, severity=1, assignee=li, category="10101",
             next_due_at=at("2026-11-20 18:00"))  # fmt: skip
        make(2, team=after_sales, severity=3, assignee=li, category="10101",
             next_due_at=at("2026-11-20 14:00"))  # fmt: skip
        make(4, team=after_sales, severity=3, category="10102",
             next_due_at=at("2026-11-21 00:00"))  # fmt: skip
        make(20, team=logistics, severity=2, assignee=sun, category="10103",
             next_due_at=at("2026-11-20 23:59"))  # fmt: skip
        make(1, severity=4, status="TRI")
        make(3, team=after_sales, severity=1, assignee=li, restricted=True)
        make(40, team=after_sales, severity=3, status="CLO", closed_at=now - timedelta(days=1))
        make(10, team=after_sales, severity=3, status="ARC", closed_at=now - timedelta(days=2))
        make(10, team=logistics, severity=3, status="CLO", closed_at=now - timedelta(days=2))
        make(5, team=logistics, severity=3, status="WDR")


@pytest.mark.django_db
def test_a_supervisor_counts_her_team_and_what_has_none(house, chen):
    with moment.at(at(NOW)):
        total, days = read(seen_by(chen)).total, month(seen_by(chen))
    assert (total.open, total.due_today, total.overdue, total.urgent) == (4, 1, 1, 1)
    assert total.ages == (1, 2, 1, 0, 0)
    assert sum(days.closed) == 2
    assert sum(days.received) == 5  # 0.1, 1, 2, 4 and 10 days ago


@pytest.mark.django_db
def test_every_number_equals_a_direct_count(house, chen, manager):
    with moment.at(at(NOW)):
        now = moment.now()
        for user in (chen, manager):
            seen, days = read(seen_by(user)), month(seen_by(user))
            mine = Complaint.objects.visible_to(user)
            open_ones = mine.open()
            assert seen.total.open == open_ones.count()
            assert seen.total.overdue == open_ones.filter(next_due_at__lt=now).count()
            assert seen.total.urgent == open_ones.filter(severity=1).count()
            today = open_ones.filter(next_due_at__gte=now, next_due_at__lt=at("2026-11-21 00:00"))
            assert seen.total.due_today == today.count()
            first = days.days[0]
            for key, field in (("received", "received_at"), ("closed", "closed_at")):
                direct = mine.filter(**{f"{field}__gte": at(f"{first} 00:00")})
                assert sum(getattr(days, key)) == direct.count()
            assert dict(days.causes).get("10101") == 2
            ages = [now - c.received_at for c in open_ones]
            for bucket in range(5):
                expected = sum(rules.age_bucket(age) == bucket for age in ages)
                assert seen.total.ages[bucket] == expected
            assert seen.total.age == sum(ages, timedelta())


@pytest.mark.django_db
def test_the_longest_waiting_stands_first(house, manager):
    with moment.at(at(NOW)):
        waiting = read(seen_by(manager)).waiting
    received = [c.received_at for c in waiting]
    assert received == sorted(received)
    assert all(c.is_open for c in waiting)


@pytest.mark.django_db
def test_a_restricted_complaint_is_not_even_counted(house, manager):
    with moment.at(at(NOW)):
        groups = read(seen_by(manager)).groups
    assert sum(g.load.urgent for g in groups) == 1


@pytest.mark.django_db
def test_a_lead_without_a_team_counts_only_what_has_none(house):
    lonely = person("lead", "无组", Role.LEAD)
    with moment.at(at(NOW)):
        assert read(seen_by(lonely)).total.open == 1


@pytest.mark.django_db
def test_reading_takes_eight_queries_however_many_complaints(
    house, manager, django_assert_num_queries, make_complaint
):
    _ = manager.team_ids
    with moment.at(at(NOW)):
        seen = seen_by(manager)
        with django_assert_num_queries(8):
            read(seen)
            month(seen)


@pytest.mark.django_db
def test_the_day_ends_at_midnight_in_shanghai(make_complaint, manager, after_sales):
    with moment.at(at("2026-11-20 23:30")):
        make_complaint(status="HND", team=after_sales, severity=3, received_at=moment.now())
        days = month(seen_by(manager))
    assert str(days.days[-1]) == "2026-11-20"
    assert days.received[-1] == 1
    with moment.at(at("2026-11-21 00:30")):
        assert month(seen_by(manager)).received[-2:] == [1, 0]
