"""The green channel: rung by rung, each once, and of two who accept at once one wins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import DutyShift, Ring, Rung
from huiyin.journey.triage.actions import confirm
from tests.conftest import at, person
from tests.roads import fresh, story
from tests.routing.conftest import BROKEN, LATE
from tests.together import at_once

NINE = at("2026-11-23 09:00")


def later(minutes: float):
    return moment.at(NINE + timedelta(minutes=minutes))


@pytest.fixture
def s1(taken_in):
    """An S1 that came in at nine."""

    def take(**said):
        with later(0):
            return fresh(taken_in(severity=1, **said))

    return take


def called(complaint) -> list[User]:
    return [call.person for call in complaint.rings.get().calls.all()]


pytestmark = pytest.mark.django_db


def test_it_calls_the_duty_supervisor_and_he_has_it_until_one_accepts(s1, lu, manager):
    complaint = s1()
    assert called(complaint) == [lu]
    assert (complaint.assignee, complaint.status) == (lu, "DIS")
    assert story(complaint)[-2:] == ["dispatched", "rung"]
    ring = complaint.rings.get()
    assert ring.passes_at == NINE + timedelta(minutes=5)
    with later(4):
        assert routing.pass_rings() == 0
        routing.answer(complaint, by=lu)
    done = fresh(complaint)
    assert (done.assignee, done.status) == (lu, "HND")
    ring.refresh_from_db()
    assert (ring.end, ring.accepted_by, ring.ended_at) == (
        "accepted",
        lu,
        NINE + timedelta(minutes=4),
    )
    with later(10):
        assert routing.pass_rings() == 0


def test_after_five_minutes_the_next_rung_is_called_and_whoever_accepts_has_it(s1, lu, manager):
    complaint = s1()
    with later(5):
        assert routing.pass_rings() == 1
        assert routing.pass_rings() == 0  # once
    assert called(complaint) == [lu, manager]
    assert story(complaint)[-1] == "ring_passed"
    with later(7):
        routing.answer(fresh(complaint), by=manager)
    done = fresh(complaint)
    assert (done.assignee, done.status) == (manager, "HND")
    sign_ins = done.clocks.filter(kind="sign_in")
    assert sign_ins.exists()
    assert not sign_ins.filter(stopped_at=None).exists()


def test_whoever_was_called_first_may_still_accept(s1, lu, manager):
    complaint = s1()
    with later(6):
        routing.pass_rings()
        routing.answer(fresh(complaint), by=lu)
    assert fresh(complaint).assignee == lu


def test_signing_by_the_ordinary_button_answers_the_call(s1, lu, manager):
    complaint = s1()
    routing.accept(complaint, by=lu)
    assert complaint.rings.get().accepted_by == lu
    with pytest.raises(Refused, match="陆敏 已经接办"):
        routing.answer(fresh(complaint), by=manager)


def test_after_the_last_rung_it_goes_on_calling_everybody(s1, lu, manager):
    complaint = s1()
    officer = person("du", "杜督", Role.SUPERVISION)
    with later(5):
        routing.pass_rings()
    with later(10):
        routing.pass_rings()
    assert called(complaint) == [lu, manager, officer]
    with later(20):
        assert routing.pass_rings() == 1
    assert complaint.rings.get().passes_at is None
    with later(24 * 60):
        assert routing.pass_rings() == 0
        routing.answer(fresh(complaint), by=officer)
    assert fresh(complaint).assignee == officer
    assert story(complaint).count("ring_passed") == 3


def test_a_long_downtime_calls_one_rung_after_the_other(s1, lu, manager):
    officer = person("du", "杜督", Role.SUPERVISION)
    complaint = s1()
    with later(72 * 60):
        assert routing.pass_rings() == 1
        assert routing.pass_rings() == 0
    with later(72 * 60 + 5):
        assert routing.pass_rings() == 1
    assert called(complaint) == [lu, manager, officer]


def test_everybody_of_the_roster_is_called_and_strangers_see_it_while_it_calls(s1, lu, logistics):
    other = person("wu", "吴主管", Role.SUPERVISOR, teams=[logistics])
    for who in (lu, other):
        DutyShift.objects.create(
            post="supervisor", person=who, starts_at=NINE, ends_at=NINE + timedelta(hours=8)
        )
    complaint = s1()
    assert called(complaint) == [lu, other]
    visible = Complaint.objects.filter(pk=complaint.pk)
    assert visible.visible_to(fresh_user(other)).exists()
    with later(1):
        routing.answer(fresh(complaint), by=lu)
    assert not visible.visible_to(fresh_user(other)).exists()


def fresh_user(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_stranger_who_accepts_goes_on_seeing_it(s1, lu, logistics):
    other = person("wu", "吴主管", Role.SUPERVISOR, teams=[logistics])
    for who in (lu, other):
        DutyShift.objects.create(
            post="supervisor", person=who, starts_at=NINE, ends_at=NINE + timedelta(hours=8)
        )
    complaint = s1()
    routing.answer(fresh(complaint), by=other)
    assert Complaint.objects.visible_to(fresh_user(other)).filter(pk=complaint.pk).exists()
    assert fresh(complaint).assignee == other


def test_somebody_who_was_not_called_and_leads_nothing_here_cannot_accept(s1, lu, he, chen):
    complaint = s1()
    for stranger in (he, chen):
        with pytest.raises(NotPermitted):
            routing.answer(complaint, by=stranger)


@pytest.mark.parametrize("how", ["dispatch", "return", "pull_back"])
def test_whatever_settles_it_ends_the_call(s1, lu, he, manager, quality, how):
    complaint = s1()
    if how == "dispatch":
        routing.dispatch(complaint, by=lu, team=quality, to=he)
    elif how == "return":
        routing.give_back(complaint, by=lu, reason="不归我们")
    else:
        routing.pull_back(complaint, by=manager, reason="先看一下")
    ring = complaint.rings.get()
    assert (ring.end, ring.accepted_by) == ("stopped", None)
    with later(60):
        assert routing.pass_rings() == 0


def test_lowered_to_s2_it_calls_no_more_and_raised_again_it_does(s1, lu, he, zhou, manager):
    complaint = s1()
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=2, reason="核实后不属于紧急")
    assert not Ring.objects.lasting().exists()
    confirm(fresh(complaint), by=zhou, category=BROKEN, severity=1)
    assert Ring.objects.lasting().count() == 1
    assert fresh(complaint).assignee == lu


def test_corrected_to_another_team_its_people_are_called(s1, lu, zhou, logistics):
    other = person("wu", "吴主管", Role.SUPERVISOR, teams=[logistics])
    logistics.duty_supervisor = other
    logistics.save()
    complaint = s1()
    confirm(fresh(complaint), by=zhou, category=LATE, severity=1)
    ring = Ring.objects.lasting().get()
    assert [call.person for call in ring.calls.all()] == [other]
    assert complaint.rings.count() == 2


def test_whoever_is_barred_is_not_called(s1, lu, manager, zhou):
    from huiyin.journey.complaint.actions import bar

    complaint = s1()
    bar(complaint, by=manager, person=lu, reason="被投诉人是其亲属")
    assert not Ring.objects.lasting().exists()
    confirm(fresh(complaint), by=zhou, category=LATE, severity=1)
    ring = Ring.objects.lasting().get()
    assert lu not in [call.person for call in ring.calls.all()]


def test_without_rungs_it_is_given_like_any_other(s1, lu, he):
    Rung.objects.update(retired_at=moment.now())
    complaint = s1()
    assert complaint.assignee == he
    assert not complaint.rings.exists()


def test_an_s1_by_night_with_nobody_here_still_has_a_person(s1, lu):
    User.objects.filter(pk=lu.pk).update(presence=Presence.AWAY)
    complaint = s1()
    assert complaint.assignee == lu
    assert called(complaint) == [lu]


def test_those_called_are_told(s1, lu, manager):
    complaint = s1()
    for event in complaint.events.filter(what="rung"):
        run_later(event.pk)
        run_later(event.pk)
    assert lu.notices.filter(text__contains="绿色通道呼叫").count() == 1
    assert lu.notices.filter(text__contains="绿色通道呼叫").get().urgent
    with later(5):
        routing.pass_rings()
    run_later(complaint.events.get(what="ring_passed").pk)
    assert manager.notices.filter(event__what="ring_passed").count() == 1


def test_the_banner_stands_on_every_page_of_those_called(s1, lu, manager, he, signed_in, api):
    complaint = s1()
    assert 'id="rings"' in signed_in(lu).get("/queue/").content.decode()
    assert 'id="rings"' not in signed_in(he).get("/queue/").content.decode()
    assert complaint.number in signed_in(lu).get("/rings/").content.decode()
    assert complaint.number not in signed_in(manager).get("/rings/").content.decode()
    assert [row["number"] for row in api(lu).get("/api/v1/calls").json()] == [complaint.number]
    panel = signed_in(lu).get(f"/complaints/{complaint.number}/panels/routing/").content.decode()
    assert "我来接办" in panel
    answer = signed_in(lu).post(f"/complaints/{complaint.number}/answer/")
    assert answer.headers["HX-Redirect"] == f"/complaints/{complaint.number}/"
    assert complaint.number not in signed_in(lu).get("/rings/").content.decode()
    gone = api(manager).post(f"/api/v1/complaints/{complaint.number}/answer")
    assert gone.status_code == 409
    assert "已经接办" in gone.json()["detail"]


def test_of_many_calls_five_are_shown_and_how_many_more_there_are_is_true(s1, lu, signed_in):
    for _one in range(8):
        s1()
    page = signed_in(lu).get("/rings/").content.decode()
    assert page.count('class="ring"') == 5
    assert "还有 6 件 S1 呼叫" in page
    assert 'href="/queue/?view=s1"' in page
    for ring in Ring.objects.all()[:5]:
        routing.answer(ring.complaint, by=lu)
    page = signed_in(lu).get("/rings/").content.decode()
    assert page.count('class="ring"') == 3
    assert "还有 1 件 S1 呼叫" in page
    assert "/queue/" not in page


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins(s1, lu, manager):
    complaint = s1()
    with later(5):
        routing.pass_rings()
    results = at_once(
        *(lambda by=by: routing.answer(fresh(complaint), by=by) for by in (lu, manager))
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert (len(refused), results.count(None)) == (1, 1), results
    assert "已经接办" in str(refused[0].sentence)
    done = fresh(complaint)
    assert done.status == "HND"
    assert done.assignments.current().count() == 1
    assert story(complaint).count("accepted") == 1


@pytest.mark.django_db(transaction=True)
def test_ten_workers_call_the_next_rung_once(s1, lu, manager):
    complaints = [s1() for _ in range(3)]

    def run():
        with later(5):
            return routing.pass_rings()

    results = at_once(*[run] * 10)
    assert not [one for one in results if isinstance(one, Exception)], results
    with later(5):
        routing.pass_rings()
    for complaint in complaints:
        assert called(complaint) == [lu, manager]
        assert story(complaint).count("ring_passed") == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_while_it_passes_on_neither_loses_nor_doubles(s1, lu, manager):
    complaint = s1()

    def passing():
        with later(5):
            return routing.pass_rings()

    results = at_once(passing, lambda: routing.answer(fresh(complaint), by=lu), passing)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert fresh(complaint).status == "HND"
    assert not Ring.objects.lasting().exists()
    assert story(complaint).count("ring_passed") <= 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_between_has_called_nobody(s1, lu, manager):
    complaint = s1()
    with later(5), pytest.raises(RuntimeError), transaction.atomic():
        routing.pass_rings()
        raise RuntimeError
    assert called(complaint) == [lu]
    with later(5):
        assert routing.pass_rings() == 1
    assert called(complaint) == [lu, manager]
