"""Who is on duty at a post: the roster, the standing person, deputies, and upwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.routing.models import DutyShift
from huiyin.journey.routing.people import all_on_duty, on_duty
from tests.conftest import at, person

pytestmark = pytest.mark.django_db

NOW = at("2026-11-23 10:00")


def away(user: User, **fields: object) -> None:
    User.objects.filter(pk=user.pk).update(presence=Presence.AWAY, **fields)


def shift(post: str, who: User, *, team=None, hours: float = 8, since: float = 0) -> DutyShift:
    begins = NOW + timedelta(hours=since)
    return DutyShift.objects.create(
        post=post,
        team=team,
        person=who,
        starts_at=begins,
        ends_at=begins + timedelta(hours=hours),
    )


def supervisor(team, now=NOW):
    team.refresh_from_db()
    return on_duty("supervisor", team=team, now=now)


def test_without_a_roster_the_standing_person_is(quality, lu):
    assert supervisor(quality) == lu


def test_the_roster_goes_before_the_standing_person_and_only_within_its_hours(quality, lu):
    tang = person("tang", "唐宁", Role.SUPERVISOR)
    shift("supervisor", tang, team=quality, hours=2)
    assert supervisor(quality) == tang
    assert supervisor(quality, NOW + timedelta(hours=2)) == lu  # the end belongs to the next
    assert supervisor(quality, NOW - timedelta(seconds=1)) == lu


def test_the_teams_own_shift_goes_before_that_of_the_house(quality, logistics, lu):
    house, own = person("h", "吴一", Role.SUPERVISOR), person("o", "吴二", Role.SUPERVISOR)
    shift("supervisor", house)
    shift("supervisor", own, team=quality)
    assert supervisor(quality) == own
    assert supervisor(logistics) == house


def test_for_somebody_away_the_deputy_and_else_the_next(quality, lu):
    tang, deputy = person("tang", "唐宁", Role.SUPERVISOR), person("qian", "钱勇", Role.SUPERVISOR)
    shift("supervisor", tang, team=quality)
    away(tang, deputy=deputy)
    assert supervisor(quality) == deputy
    away(deputy)
    assert supervisor(quality) == lu


def test_upwards_where_nobody_is_and_at_last_whoever_was_named(quality, lu, manager):
    assert on_duty("legal", team=quality, now=NOW) == manager
    away(lu)
    assert supervisor(quality) == manager
    away(manager)
    assert supervisor(quality) == lu
    assert on_duty("legal", team=quality, now=NOW) is None


def test_a_lead_of_another_team_is_no_lead_here(quality, logistics, lu):
    other = person("zu", "祖明", Role.LEAD, teams=[logistics])
    assert on_duty("lead", team=quality, now=NOW) == lu
    assert on_duty("lead", team=logistics, now=NOW) == other
    quality.lead = other  # named, he is
    assert on_duty("lead", team=quality, now=NOW) == other


def test_posts_of_the_house_need_no_team(db):
    lawyer = person("fa", "法明", Role.LEGAL)
    assert on_duty("legal", team=None, now=NOW) == lawyer
    assert on_duty("supervision", team=None, now=NOW) is None


def test_everybody_of_the_roster_is_on_duty(quality, lu):
    one, two = person("a", "甲", Role.SUPERVISOR), person("b", "乙", Role.SUPERVISOR)
    shift("supervisor", one, team=quality)
    shift("supervisor", two)
    assert all_on_duty("supervisor", team=quality, now=NOW) == [one, two]
    away(one)
    away(two)
    quality.refresh_from_db()
    assert all_on_duty("supervisor", team=quality, now=NOW) == [lu]


def test_a_shift_ends_after_it_begins(quality, lu):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        DutyShift(post="lead", person=lu, starts_at=NOW, ends_at=NOW).full_clean()
