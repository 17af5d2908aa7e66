"""Pulling back, handing over everything, planned absences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import Absence
from tests.conftest import at, person
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
NINE = at("2026-11-23 09:00")


def sees(user: User, complaint: Complaint) -> bool:
    user = User.objects.get(pk=user.pk)
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


@pytest.fixture
def handed_over(make_complaint, quality, li, he, ma):
    """Somebody else answers for it; 小何 worked on it and handed it to 小马."""
    complaint = make_complaint(
        team=quality, assignee=he, owner=li, status="DIS", severity=3, received_by=li
    )
    complaint.assignments.create(team=quality, assignee=he, how="route", by=li, at=moment.now())
    routing.accept(complaint, by=he)
    routing.hand_over(complaint, by=he, to=ma, note="请接着办")
    return fresh(complaint)


def test_whoever_handed_it_over_takes_it_back_before_it_is_signed_for(handed_over, he, ma):
    assert sees(he, handed_over)
    routing.pull_back(handed_over, by=he, reason="发错人了")
    done = fresh(handed_over)
    assert (done.assignee, done.status) == (he, "HND")
    assert done.assignments.current().get().how == "pull_back"
    assert not done.clocks.filter(kind="sign_in", stopped_at=None).exists()
    event = done.events.get(what="pulled_back")
    run_later(event.pk)
    assert ma.notices.filter(event=event).count() == 1 or not sees(ma, done)


def test_signed_for_it_stays_and_the_giver_sees_it_no_more(handed_over, he, ma, lu):
    routing.accept(handed_over, by=ma)
    assert not sees(he, handed_over)
    with pytest.raises(NotPermitted):
        routing.pull_back(fresh(handed_over), by=he, reason="发错人了")
    with pytest.raises(Refused):
        routing.pull_back(fresh(handed_over), by=lu, reason="发错人了")


def test_returned_the_giver_sees_it_no_more_either(handed_over, he, ma):
    routing.give_back(handed_over, by=ma, reason="不是我的类目")
    assert not sees(he, handed_over)


def test_a_supervisor_takes_back_a_dispatch_to_the_pool(make_complaint, quality, he, lu, sun):
    complaint = make_complaint(team=quality, status="TRI", severity=3)
    routing.dispatch(complaint, by=lu, team=quality, to=he)
    with pytest.raises(NotPermitted):
        routing.pull_back(fresh(complaint), by=sun, reason="试试看")
    with pytest.raises(NotPermitted):
        routing.pull_back(fresh(complaint), by=he, reason="试试看")
    with pytest.raises(Invalid):
        routing.pull_back(fresh(complaint), by=lu, reason=" ")
    routing.pull_back(fresh(complaint), by=lu, reason="先核对订单")
    done = fresh(complaint)
    assert (done.assignee, done.status, done.team) == (None, "TRI", quality)
    assert not done.assignments.current().exists()


def test_of_somebody_who_left_it_goes_to_the_pool(handed_over, he, lu):
    User.objects.filter(pk=he.pk).update(is_active=False)
    routing.pull_back(handed_over, by=lu, reason="何静已离职")
    assert (fresh(handed_over).assignee, fresh(handed_over).status) == (None, "TRI")


def test_pulling_back_by_page_and_api(handed_over, he, ma, lu, signed_in, api):
    where = f"/complaints/{handed_over.number}"
    assert "收回" in signed_in(he).get(f"{where}/panels/routing/").content.decode()
    reason = {"reason": "发错人了"}
    denied = api(ma).post(f"/api/v1{where}/pull-back", reason, "application/json")
    assert denied.status_code == 403
    assert signed_in(he).post(f"{where}/pull-back/", reason).status_code == 204
    again = api(lu).post(f"/api/v1{where}/pull-back", reason, "application/json")
    assert again.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_pulled_back_and_signed_for_at_once_one_of_them_counts(handed_over, he, ma):
    results = at_once(
        lambda: routing.pull_back(fresh(handed_over), by=he, reason="发错人了"),
        lambda: routing.accept(fresh(handed_over), by=ma),
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1, results
    done = fresh(handed_over)
    assert done.status == "HND"
    assert done.assignee == (ma if isinstance(results[0], Refused) else he)
    assert done.assignments.current().count() == 1


# --- everything of a person ----------------------------------------------------------------------


@pytest.fixture
def full(make_complaint, quality, he):
    """小何 has one of every kind."""
    made = {}
    for status in ("DIS", "HND", "WCU", "PAP", "EXE", "RES", "FUV"):
        complaint = make_complaint(team=quality, assignee=he, status=status, severity=3)
        complaint.assignments.create(
            team=quality, assignee=he, how="route", by=he, at=moment.now(), accepted_at=moment.now()
        )
        made[status] = complaint
    make_complaint(team=quality, assignee=he, status="CLO", severity=3)
    return made


def test_everything_goes_to_one_colleague_and_waits_go_on(full, he, ma, lu):
    outcomes = routing.relieve(he, by=lu, to=ma, note="何静住院")
    assert set(outcomes.values()) == {""}
    assert len(outcomes) == 7
    for status, complaint in full.items():
        now = fresh(complaint)
        assert now.assignee == ma
        assert now.status == ("DIS" if status in ("DIS", "HND", "WCU") else status)
        one = now.assignments.current().get()
        assert (one.how, one.assignee) == ("relief", ma)
        assert "何静住院" in one.reason
    assert not Complaint.objects.open().filter(assignee=he).exists()
    assert Complaint.objects.filter(assignee=he, status="CLO").exists()


def test_without_a_name_it_is_spread_over_those_who_are_here(full, he, ma, lu, quality):
    third = person("san", "叁", Role.AGENT, teams=[quality])
    routing.relieve(he, by=lu, to=None, note="何静住院")
    got = [fresh(c).assignee for c in full.values()]
    assert set(got) == {ma, third}
    assert abs(got.count(ma) - got.count(third)) <= 1
    given = fresh(full["HND"]).assignments.current().get()
    assert given.why


def test_what_cannot_go_stays_and_is_told(full, he, lu):
    outcomes = routing.relieve(he, by=lu, to=None, note="何静住院")
    assert outcomes[full["DIS"].number] == ""  # into the pool
    assert fresh(full["DIS"]).status == "TRI"
    assert "没有别人在岗" in outcomes[full["HND"].number]
    assert fresh(full["HND"]).assignee == he


def test_only_who_leads_may_and_only_to_handlers(full, he, ma, lu, chen, sun):
    for by in (ma, he, chen, sun):
        with pytest.raises(NotPermitted):
            routing.relieve(he, by=by, to=ma, note="移交一下")
    for to, note in ((he, "移交一下"), (person("qa", "质", Role.QA), "移交"), (ma, " ")):
        with pytest.raises(Invalid):
            routing.relieve(he, by=lu, to=to, note=note)


def test_relief_by_page_and_api(full, he, ma, lu, signed_in, api):
    assert signed_in(ma).post(f"/team/{he.pk}/relief/", {"note": "x"}).status_code == 403
    page = signed_in(lu).get("/team/").content.decode()
    assert f"/team/{he.pk}/relief/" in page
    said = {"to": "ma", "note": "何静住院"}
    answer = api(lu).post("/api/v1/people/he/relief", said, "application/json")
    assert answer.status_code == 200
    assert len(answer.json()) == 7
    posted = signed_in(lu).post(f"/team/{ma.pk}/relief/", {"to": "", "note": "轮换"})
    assert posted.status_code in (200, 302)


# --- planned absences ----------------------------------------------------------------------------


def plan(person_, by, deputy=None, begins=1.0, days=2.0, **more):
    starts = NINE + timedelta(days=begins)
    return routing.arrange_absence(
        person_,
        by=by,
        starts_at=starts,
        ends_at=starts + timedelta(days=days),
        deputy=deputy,
        **more,
    )


def on_day(days: float):
    return moment.at(NINE + timedelta(days=days))


def test_an_absence_begins_and_ends_by_itself(he, ma, lu):
    User.objects.filter(pk=he.pk).update(deputy=lu)
    with on_day(0):
        absence = plan(User.objects.get(pk=he.pk), by=he, deputy=ma)
        assert routing.follow_absences() == 0
    with on_day(1.5):
        assert routing.follow_absences() == 1
        assert routing.follow_absences() == 0  # twice is once
    he.refresh_from_db()
    assert (he.presence, he.deputy) == (Presence.AWAY, ma)
    assert he.pk in ma.stands_in_for
    with on_day(3):
        assert routing.follow_absences() == 1
        assert routing.follow_absences() == 0
    he.refresh_from_db()
    assert he.deputy == lu
    absence.refresh_from_db()
    assert absence.ended_at


def test_one_that_begins_now_begins_at_once_and_may_end_early(he, ma, lu):
    with on_day(0):
        absence = plan(he, by=lu, deputy=ma, begins=0)
        he.refresh_from_db()
        assert (he.presence, he.deputy) == (Presence.AWAY, ma)
        routing.cancel_absence(absence, by=he)
        routing.cancel_absence(absence, by=he)
    he.refresh_from_db()
    assert he.deputy is None
    with on_day(1):
        assert routing.follow_absences() == 0


def test_a_deputy_changed_meanwhile_by_hand_stays(he, ma, lu):
    with on_day(0):
        plan(he, by=he, deputy=ma, begins=0)
    User.objects.filter(pk=he.pk).update(deputy=lu)
    with on_day(3):
        routing.follow_absences()
    he.refresh_from_db()
    assert he.deputy == lu


def test_what_cannot_be_is_refused(he, ma, sun, chen):
    with on_day(0):
        for by in (ma, sun, chen):
            with pytest.raises(NotPermitted):
                plan(he, by=by)
        with pytest.raises(Invalid):
            plan(he, by=he, deputy=he)
        with pytest.raises(Invalid):
            plan(he, by=he, days=0)
        with pytest.raises(Invalid):
            plan(he, by=he, begins=-9)
        plan(ma, by=ma)
        with pytest.raises(Invalid, match="那段时间也离岗"):
            plan(he, by=he, deputy=ma)
        plan(he, by=he)
        with pytest.raises(Refused):
            plan(he, by=he, begins=2)
        plan(he, by=he, begins=3)  # the end belongs to the next


@pytest.mark.django_db(transaction=True)
def test_of_two_plans_for_the_same_days_one_counts(he, lu):
    with on_day(0):
        begins = moment.now() + timedelta(days=400)
    results = at_once(
        *(
            lambda by=by: routing.arrange_absence(
                he, by=by, starts_at=begins, ends_at=begins + timedelta(days=1), deputy=None
            )
            for by in (he, lu)
        )
    )
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert Absence.objects.count() == 1


def test_absences_by_page_and_api(he, ma, lu, sun, signed_in, api):
    begins = moment.now() + timedelta(days=3)
    shape = "%Y-%m-%dT%H:%M"
    said = {
        "person": he.pk,
        "deputy": ma.pk,
        "starts_at": begins.strftime(shape),
        "ends_at": (begins + timedelta(days=1)).strftime(shape),
        "reason": "年假",
    }
    client = signed_in(he)
    assert client.post("/team/", said).status_code == 302
    assert "年假" in client.get("/team/").content.decode()
    assert client.post("/team/", said).status_code == 409
    assert client.post("/team/", {**said, "person": ma.pk}).status_code == 422
    assert "年假" in signed_in(lu).get("/team/").content.decode()
    assert "年假" not in signed_in(sun).get("/team/").content.decode()
    rows = api(lu).get("/api/v1/absences").json()
    assert [(row["person"], row["deputy"]) for row in rows] == [("he", "ma")]
    end = f"/api/v1/absences/{rows[0]['id']}/end"
    assert api(sun).post(end).status_code == 404
    assert api(he).post(end).status_code == 200
    made = api(lu).post(
        "/api/v1/absences",
        {
            "person": "ma",
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(days=1)).isoformat(),
        },
        "application/json",
    )
    assert made.status_code == 201
    assert api(sun).post("/api/v1/absences", {
        "person": "ma", "starts_at": begins.isoformat(), "ends_at": begins.isoformat(),
    }, "application/json").status_code == 403  # fmt: skip


def test_who_is_on_duty_is_told_to_programs(lu, quality, api):
    rows = {r["post"]: r["person"] for r in api(lu).get("/api/v1/duty?team=quality").json()}
    assert rows["supervisor"] == "lu"
    assert rows["legal"] is None
    assert story is not None
