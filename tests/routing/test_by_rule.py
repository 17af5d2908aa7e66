"""Who gets what was just taken in, and what a correction changes."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import Route
from huiyin.journey.triage.actions import confirm
from tests.conftest import person
from tests.roads import fresh, story
from tests.routing.conftest import BROKEN, LATE

pytestmark = pytest.mark.django_db


def away(user: User) -> None:
    User.objects.filter(pk=user.pk).update(presence=Presence.AWAY)


def test_the_team_of_the_category_and_its_least_loaded_member(taken_in, he, ma, quality):
    first, second = taken_in(), taken_in()
    assert {first.assignee, second.assignee} == {he, ma}
    assert first.team == second.team == quality
    assert first.status == "DIS"
    one = first.assignments.get()
    assert (one.how, one.assignee, one.team) == ("route", first.assignee, quality)
    assert story(first) == ["received", "triaged", "dispatched"]


def test_load_is_work_and_not_a_count(taken_in, he, ma, make_complaint, quality):
    make_complaint(team=quality, assignee=he, status="HND", severity=1)
    for _ in range(3):
        make_complaint(team=quality, assignee=ma, status="HND", severity=3)
    make_complaint(team=quality, assignee=ma, status="CLO", severity=1)  # ended: no load
    assert taken_in().assignee == ma  # three small ones weigh less than one S1


def test_whoever_is_away_or_gone_gets_nothing(taken_in, he, ma):
    away(he)
    assert taken_in().assignee == ma
    User.objects.filter(pk=ma.pk).update(is_active=False)
    complaint = taken_in()
    assert (complaint.assignee, complaint.status) == (None, "TRI")
    assert complaint.team.code == "quality"


def test_s1_goes_to_the_duty_supervisor_at_once(taken_in, he, lu):
    complaint = taken_in(severity=1)
    assert complaint.assignee == lu
    assert complaint.assignments.get().how == "green"
    assert Complaint.objects.visible_to(lu).filter(pk=complaint.pk).exists()


def test_when_the_duty_supervisor_is_away_the_deputy_gets_the_s1(taken_in, he, lu, desk):
    deputy = person("qian", "钱勇", Role.SUPERVISOR, teams=[desk])
    User.objects.filter(pk=lu.pk).update(presence=Presence.AWAY, deputy=deputy)
    complaint = taken_in(severity=1)
    assert complaint.assignee == deputy
    # Of another team, and yet he sees what he was given.
    assert Complaint.objects.visible_to(deputy).filter(pk=complaint.pk).exists()


def test_an_s1_is_never_left_without_a_person(taken_in, he, lu, chen):
    away(lu)
    assert taken_in(severity=1).assignee == chen  # a supervisor who is here
    away(chen)
    assert taken_in(severity=1).assignee == lu  # nobody is: whoever is named


def test_what_is_not_sure_goes_to_the_desk_and_waits_for_a_person(taken_in, he, zhou, desk):
    complaint = taken_in(category="", severity=None, text="我要投诉，你们这里有点问题，请回电。")
    assert (complaint.team, complaint.assignee, complaint.status) == (desk, None, "TRI")
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=3)
    assert fresh(complaint).assignee == he


def test_confirming_what_waits_in_the_right_pool_gives_it_to_somebody(taken_in, he, zhou):
    away(he)
    complaint = taken_in()
    assert complaint.assignee is None
    User.objects.filter(pk=he.pk).update(presence=Presence.PRESENT)
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=3)
    assert fresh(complaint).assignee == he


def test_a_corrected_category_moves_it_before_the_signature_and_not_after(
    taken_in, he, sun, zhou, logistics
):
    complaint = taken_in()
    confirm(fresh(complaint), by=zhou, category=LATE, severity=3)
    moved = fresh(complaint)
    assert (moved.team, moved.assignee, moved.status) == (logistics, sun, "DIS")
    assert moved.assignments.current().count() == 1
    assert moved.clocks.filter(kind="sign_in", stopped_at=None).count() == 1
    routing.accept(moved, by=sun)
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=3)
    assert fresh(complaint).team == logistics


def test_moved_to_a_team_where_nobody_is_it_waits_in_the_pool_and_no_one_owes_a_signature(
    taken_in, he, sun, zhou, logistics
):
    away(sun)
    complaint = taken_in()
    confirm(fresh(complaint), by=zhou, category=LATE, severity=3)
    moved = fresh(complaint)
    assert (moved.team, moved.assignee, moved.status) == (logistics, None, "TRI")
    assert not moved.clocks.filter(kind="sign_in", stopped_at=None).exists()
    assert not moved.assignments.current().exists()


def test_raised_to_s1_before_the_signature_the_supervisor_gets_it(taken_in, he, lu, zhou):
    complaint = taken_in()
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=1)
    assert fresh(complaint).assignee == lu


def test_raised_to_s1_while_somebody_works_on_it_the_supervisor_is_called(taken_in, he, lu, zhou):
    complaint = fresh(taken_in())
    routing.accept(complaint, by=he)
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=1)
    assert fresh(complaint).assignee == he
    assert complaint.events.get(what="escalated").facts["to"] == lu.name


def test_a_retired_team_gets_nothing_and_the_next_route_counts(taken_in, he, sun, quality):
    from huiyin.ground import moment

    Team.objects.filter(pk=quality.pk).update(retired_at=moment.now())
    Route.objects.filter(category_prefix="").update(team=Team.objects.get(code="logistics"))
    assert taken_in().team.code == "logistics"
