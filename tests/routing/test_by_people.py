"""Taking, signing, handing over, returning, waiting, urging, escalating: right person, right state,
one of two at once; by page and by API."""

from __future__ import annotations

import pytest

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.models import Assignment, Urging
from tests.conftest import person
from tests.roads import assigned, fresh, story
from tests.together import at_once


@pytest.fixture
def pool(make_complaint, quality):
    """In the pool of the quality team."""
    return lambda: make_complaint(team=quality, status="TRI", severity=3, category="PD.01.07")


@pytest.mark.django_db
def test_one_takes_from_the_pool_of_ones_own_team_and_signs_at_once(pool, he, sun):
    complaint = pool()
    with pytest.raises(NotPermitted, match="只能领取本组待分配的投诉"):
        routing.take(complaint, by=sun)
    routing.take(complaint, by=he)
    assert (fresh(complaint).assignee, fresh(complaint).status) == (he, "HND")
    assert story(complaint) == ["dispatched", "accepted"]
    assert complaint.assignments.get().accepted_at is not None
    with pytest.raises(Refused, match="已经有人处理"):
        routing.take(fresh(complaint), by=he)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_gets_it(pool, he, ma):
    complaint = pool()
    results = at_once(
        lambda: routing.take(fresh(complaint), by=he), lambda: routing.take(fresh(complaint), by=ma)
    )
    assert sorted(isinstance(one, Refused) for one in results) == [False, True]
    assert Assignment.objects.filter(ended_at=None).count() == 1
    assert fresh(complaint).assignee in (he, ma)


@pytest.mark.django_db(transaction=True)
def test_signing_and_returning_at_once_does_one_of_both(pool, he, lu, quality):
    complaint = pool()
    routing.dispatch(complaint, by=lu, team=quality, to=he)
    results = at_once(
        lambda: routing.accept(fresh(complaint), by=he),
        lambda: routing.give_back(fresh(complaint), by=he, reason="不是品质问题"),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert fresh(complaint).status in ("HND", "TRI")


@pytest.mark.django_db(transaction=True)
def test_two_who_dispatch_from_the_same_page_dispatch_once(pool, he, ma, lu, quality, manager):
    complaint = pool()

    def to(by, person):
        return lambda: routing.dispatch(fresh(complaint), by=by, team=quality, to=person, had="")

    results = at_once(to(lu, he), to(manager, ma))
    assert sorted(isinstance(one, Refused) for one in results) == [False, True]
    assert Assignment.objects.filter(ended_at=None).count() == 1


@pytest.mark.django_db
def test_only_those_who_direct_dispatch(pool, he, lu, ma, quality):
    complaint = pool()
    with pytest.raises(NotPermitted, match="只有分级员、组长、主管和经理可以派单"):
        routing.dispatch(complaint, by=he, team=quality, to=ma)
    routing.dispatch(complaint, by=lu, team=quality, to=ma, note="客户下午在家")
    assert fresh(complaint).assignee == ma
    with pytest.raises(Refused, match="刚刚换了处理人"):
        routing.dispatch(fresh(complaint), by=lu, team=quality, to=he, had="")


@pytest.mark.django_db
def test_a_supervisor_dispatches_in_his_own_team_only(pool, chen, he, quality, after_sales):
    complaint = pool()
    assert not Complaint.objects.visible_to(chen).filter(pk=complaint.pk).exists()
    with pytest.raises(NotPermitted):
        routing.dispatch(complaint, by=chen, team=after_sales)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "sentence"),
    [("REG", "还没有分级"), ("CLO", "已经结束"), ("ARC", "已经结束"), ("REJ", "已经结束")],
)
def test_nothing_is_dispatched_before_triage_or_after_the_end(
    make_complaint, lu, he, quality, status, sentence
):
    complaint = make_complaint(team=quality, status=status)
    with pytest.raises(Refused, match=sentence):
        routing.dispatch(complaint, by=lu, team=quality, to=he)


@pytest.mark.django_db
def test_only_a_member_who_handles_gets_it(pool, lu, li, quality):
    visitor = person("fang", "方圆", Role.VISITOR, teams=[quality])
    for stranger in (li, visitor):
        with pytest.raises(Invalid, match="不是 品质组 的处理人员"):
            routing.dispatch(pool(), by=lu, team=quality, to=stranger)


@pytest.mark.django_db
def test_dispatched_to_somebody_who_is_away_the_deputy_stands_in(pool, he, ma, lu, quality):
    User.objects.filter(pk=he.pk).update(presence=Presence.AWAY, deputy=ma)
    complaint = pool()
    routing.dispatch(complaint, by=lu, team=quality, to=fresh_user(he), note="急")
    assert fresh(complaint).assignee == ma
    assert complaint.assignments.get().reason == "代 何静；急"


@pytest.mark.django_db
def test_a_deputy_sees_and_works_on_what_the_absent_one_has(make_complaint, he, quality, sun):
    complaint = assigned(make_complaint, quality, he)
    assert not Complaint.objects.visible_to(sun).exists()
    User.objects.filter(pk=he.pk).update(presence=Presence.AWAY, deputy=sun)
    deputy = fresh_user(sun)
    assert list(Complaint.objects.visible_to(deputy)) == [complaint]
    routing.wait(fresh(complaint), by=deputy, whom="customer", reason="请客户补照片")
    User.objects.filter(pk=he.pk).update(presence=Presence.PRESENT)
    assert not Complaint.objects.visible_to(fresh_user(sun)).exists()
    with pytest.raises(NotPermitted):
        routing.resume(fresh(complaint), by=fresh_user(sun))


@pytest.mark.django_db
def test_the_deputy_is_told_what_the_absent_one_would_be(make_complaint, he, quality, sun, lu):
    from huiyin.journey.complaint.events import run_later

    complaint = assigned(make_complaint, quality, he)
    User.objects.filter(pk=he.pk).update(presence=Presence.AWAY, deputy=sun)
    routing.urge(fresh(complaint), by=lu, words="客户又来电")
    run_later(complaint.events.get(what="urged").pk)
    assert he.notices.count() == sun.notices.count() == 1


@pytest.mark.django_db
def test_deputies_who_point_at_each_other_lead_nowhere(he, ma):
    User.objects.filter(pk=he.pk).update(presence=Presence.AWAY, deputy=ma)
    User.objects.filter(pk=ma.pk).update(presence=Presence.AWAY, deputy=he)
    assert routing.stand_in(fresh_user(he)) == he
    assert fresh_user(he).stands_in_for == []


def fresh_user(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
def test_handing_over_tells_what_to_know(make_complaint, he, ma, quality):
    complaint = assigned(make_complaint, quality, he)
    with pytest.raises(Invalid, match="请写明转派说明"):
        routing.hand_over(complaint, by=he, to=ma, note=" ")
    routing.hand_over(complaint, by=he, to=ma, note="客户要换新，照片在证据里")
    after = fresh(complaint)
    assert (after.assignee, after.status) == (ma, "DIS")
    assert story(complaint)[-1] == "handed_over"
    assert after.clocks.filter(kind="sign_in", stopped_at=None).exists()
    with pytest.raises(NotPermitted, match="只有处理人和本组主管"):
        routing.hand_over(after, by=he, to=he, note="还给我")


@pytest.mark.django_db
def test_after_three_hops_a_supervisor_decides(make_complaint, he, ma, lu, quality):
    complaint = assigned(make_complaint, quality, he)
    for to, by in ((ma, he), (he, ma), (ma, he)):
        routing.hand_over(fresh(complaint), by=by, to=to, note="请接着办")
        routing.accept(fresh(complaint), by=to)
    with pytest.raises(Refused, match="已转派三次"):
        routing.hand_over(fresh(complaint), by=ma, to=he, note="请接着办")
    routing.hand_over(fresh(complaint), by=lu, to=he, note="由小何负责到底")


@pytest.mark.django_db
def test_before_signing_one_returns_and_after_it_one_hands_over(
    pool, he, ma, lu, quality, desk, manager
):
    complaint = pool()
    routing.dispatch(complaint, by=lu, team=quality, to=he)
    with pytest.raises(Refused, match="请先签收再转派"):
        routing.hand_over(fresh(complaint), by=he, to=ma, note="给你")
    with pytest.raises(Invalid, match="请写明退回原因"):
        routing.give_back(fresh(complaint), by=he, reason="")
    routing.give_back(fresh(complaint), by=he, reason="这是物流破损，不是质量问题")
    after = fresh(complaint)
    assert (after.team, after.assignee, after.status) == (desk, None, "TRI")
    assert not after.clocks.filter(kind="sign_in", stopped_at=None).exists()
    routing.dispatch(after, by=manager, team=quality, to=he)
    routing.accept(fresh(complaint), by=he)
    with pytest.raises(Refused, match="已经签收的请转派"):
        routing.give_back(fresh(complaint), by=he, reason="不想办了")


@pytest.mark.django_db
def test_returned_to_the_right_team_it_waits_in_that_pool(pool, he, lu, quality, logistics, sun):
    complaint = pool()
    routing.dispatch(complaint, by=lu, team=quality, to=he)
    routing.give_back(fresh(complaint), by=he, reason="快递压坏的", team=logistics)
    assert fresh(complaint).team == logistics
    routing.take(fresh(complaint), by=sun)


@pytest.mark.django_db
def test_waiting_and_going_on(make_complaint, he, quality, sun):
    complaint = assigned(make_complaint, quality, he)
    with pytest.raises(Invalid, match="请选择在等什么"):
        routing.wait(complaint, by=he, whom="nobody", reason="等")
    with pytest.raises(NotPermitted):
        routing.wait(complaint, by=sun, whom="customer", reason="等照片")
    routing.wait(complaint, by=he, whom="testing", reason="送检，约三天")
    assert fresh(complaint).status == "W3P"
    routing.resume(fresh(complaint), by=he)
    assert fresh(complaint).status == "HND"
    with pytest.raises(Refused, match="不在等待中"):
        routing.resume(fresh(complaint), by=he)


@pytest.mark.django_db
def test_a_customer_urges_once_in_four_hours_and_every_urging_is_counted(
    make_complaint, he, quality, clock
):
    complaint = assigned(make_complaint, quality, he)
    with clock("2026-11-25 10:00"):
        routing.urge(complaint, by=he, words="客户又来电", by_customer=True)
    with clock("2026-11-25 13:59"), pytest.raises(Refused, match="已经为您催办过"):
        routing.urge(complaint, by=he, by_customer=True)
    with clock("2026-11-25 14:00"):
        routing.urge(complaint, by=he, by_customer=True)
        routing.urge(complaint, by=he, words="组内催办")
    assert complaint.urgings.count() == 3


@pytest.mark.django_db
def test_a_colleague_urges_once_an_hour_and_another_one_may(
    make_complaint, he, manager, quality, clock
):
    complaint = assigned(make_complaint, quality, he)
    with clock("2026-11-25 10:00"):
        routing.urge(complaint, by=manager, words="尽快")
        routing.urge(complaint, by=he, words="我也催")
    with clock("2026-11-25 10:59"), pytest.raises(Refused, match="一小时内已经催办过"):
        routing.urge(complaint, by=manager, words="再催")
    with clock("2026-11-25 11:00"):
        routing.urge(complaint, by=manager, words="再催")
    assert complaint.urgings.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_urgings_of_the_customer_at_once_count_once(make_complaint, he, quality):
    complaint = assigned(make_complaint, quality, he)

    def act():
        return routing.urge(fresh(complaint), by=he, by_customer=True)

    results = at_once(act, act, act)
    assert sum(isinstance(one, Urging) for one in results) == 1


@pytest.mark.django_db
def test_escalating_calls_the_supervisor_and_changes_no_owner(make_complaint, he, lu, quality):
    complaint = assigned(make_complaint, quality, he)
    routing.escalate(complaint, by=he, reason="客户要求见负责人")
    event = complaint.events.get(what="escalated")
    assert event.facts["to"] == lu.name
    assert fresh(complaint).assignee == he
    with pytest.raises(Invalid, match="请写明升级原因"):
        routing.escalate(complaint, by=he, reason="")


@pytest.mark.django_db
def test_many_at_once_and_one_that_cannot_stops_none(pool, he, lu, quality, make_complaint, api):
    numbers = [pool().number, make_complaint(team=quality, status="CLO").number, pool().number]
    body = {"numbers": [*numbers, "TS2026-999999"], "team": "quality", "to": "he"}
    answer = api(lu).post("/api/v1/assignments", body, "application/json")
    outcomes = {one["number"]: one["refusal"] for one in answer.json()}
    assert answer.status_code == 200
    assert (outcomes[numbers[0]], outcomes[numbers[2]]) == ("", "")
    assert "已经结束" in outcomes[numbers[1]]
    assert set(outcomes) == set(numbers)
    assert Complaint.objects.filter(assignee=he).count() == 2


@pytest.mark.django_db
def test_page_and_api_do_the_same(pool, he, lu, ma, quality, signed_in, api):
    complaint = pool()
    page, program = signed_in(lu), api(he)
    at = f"/complaints/{complaint.number}"
    given = page.post(f"{at}/assignment/", {"team": quality.pk, "to": he.pk, "had": ""})
    assert given.status_code == 204
    assert program.post(f"/api/v1{at}/acceptance").json()["status"] == "HND"
    waits = {"whom": "customer", "reason": "请客户补照片"}
    assert signed_in(he).post(f"{at}/waiting/", waits).status_code == 204
    assert program.post(f"/api/v1{at}/resumption").json()["status"] == "HND"
    gone = signed_in(he).post(f"{at}/handover/", {"to": ma.pk, "note": "请接着办"})
    # The first who signed for it answers to the customer for it: he goes on seeing it.
    assert gone.status_code == 204 and "HX-Redirect" not in gone.headers
    assert signed_in(he).post(f"{at}/acceptance/").status_code == 403
    returned = {"reason": "不是我的类目", "team": "logistics"}
    assert api(ma).post(f"/api/v1{at}/return", returned, "application/json").status_code == 200
    assert Complaint.objects.filter(pk=complaint.pk, team__code="logistics").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["‮🔥 请转给组长", "x" * 301, "坏\x00字"])
def test_hostile_words_are_taken_as_words_or_refused_with_a_sentence(
    make_complaint, he, ma, quality, signed_in, text
):
    complaint = assigned(make_complaint, quality, he)
    at = f"/complaints/{complaint.number}/handover/"
    answer = signed_in(he).post(at, {"to": ma.pk, "note": text}, headers={"HX-Request": "true"})
    assert answer.status_code in (204, 422)
    wrong = signed_in(he).post(at, {"to": "9" * 40, "note": "给你"})
    assert wrong.status_code in (403, 404, 422)


@pytest.mark.django_db
def test_the_panel_offers_what_one_may_do_and_nothing_else(pool, he, lu, quality, signed_in):
    complaint = pool()
    number = complaint.number
    assert 'name="had" value=""' in signed_in(lu).get(f"/complaints/{number}/").content.decode()
    page = signed_in(he).get(f"/complaints/{number}/").content.decode()
    assert f"/complaints/{number}/taking/" in page
    assert f"/complaints/{number}/assignment/" not in page
