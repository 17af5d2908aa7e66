"""A restricted complaint is seen by the named, its handler, and privacy and legal officers."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.actions import lift, restrict
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.routing.actions import dispatch
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


@pytest.fixture
def mate(after_sales):
    return person("mate", "赵琳", Role.LEAD, teams=[after_sales])


@pytest.fixture
def officer(db):
    return person("officer", "尹澜", Role.PRIVACY)


def sees(user, complaint) -> bool:
    user.__dict__.pop("written_about", None)  # as in a new request
    return Complaint.objects.visible_to(user).filter(pk=complaint.pk).exists()


def test_from_then_on_only_the_named_the_handler_and_the_officers_see_it(
    complaint, chen, li, mate, manager, zhou, officer
):
    assert sees(manager, complaint) and sees(mate, complaint) and not sees(officer, complaint)
    restrict(complaint, by=chen, people=[zhou], reason="涉及个人信息泄露")
    seers = {u.username for u in (chen, li, mate, manager, zhou, officer) if sees(u, complaint)}
    assert seers == {"chen", "li", "zhou", "officer"}
    event = complaint.events.get(what=What.RESTRICTED)
    assert event.by == chen and event.facts["reason"] == "涉及个人信息泄露"


def test_asked_again_it_replaces_the_list(complaint, chen, mate, zhou):
    restrict(complaint, by=chen, people=[zhou], reason="先给分级员看")
    restrict(complaint, by=chen, people=[mate], reason="改由组长负责")
    assert sees(mate, complaint) and not sees(zhou, complaint)


def test_an_officer_opens_it_again_to_all_whom_it_concerns(complaint, chen, mate, zhou, officer):
    restrict(complaint, by=chen, people=[zhou], reason="涉及个人信息泄露")
    lift(complaint, by=officer, reason="核实后没有泄露")
    assert sees(mate, complaint) and sees(zhou, complaint) and not sees(officer, complaint)
    assert not complaint.access.exists()
    with pytest.raises(Refused, match="没有限制查看"):
        lift(complaint, by=officer, reason="再来一次看看")


def test_whoever_it_is_dispatched_to_can_see_it(complaint, chen, after_sales):
    restrict(complaint, by=chen, people=[], reason="涉及个人信息泄露")
    wu = person("wu", "吴越", Role.SPECIALIST, teams=[after_sales])
    assert not sees(wu, complaint)
    dispatch(complaint, by=chen, team=after_sales, to=wu, note="请接手")
    assert sees(wu, complaint)


def test_who_may_not_is_told_so(complaint, li, mate, chen, manager):
    for nobody in (li, mate):
        with pytest.raises(NotPermitted, match="可以限制查看"):
            restrict(complaint, by=nobody, people=[], reason="我不想让人看")
    restrict(complaint, by=chen, people=[manager], reason="涉及个人信息泄露")
    with pytest.raises(NotPermitted, match="隐私官和法务可以解除"):
        lift(complaint, by=manager, reason="我觉得可以了")


def test_without_a_reason_nothing_changes(complaint, chen, mate):
    with pytest.raises(Invalid, match="请写明理由"):
        restrict(complaint, by=chen, people=[], reason=" 嗯 ")
    assert sees(mate, complaint) and not complaint.access.exists()


def test_a_stale_page_is_refused(complaint, chen, officer):
    stale = Complaint.objects.get(pk=complaint.pk)
    restrict(complaint, by=chen, people=[], reason="涉及个人信息泄露")
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        restrict(stale, by=chen, people=[], reason="另一个窗口里的旧页面")


def test_page_and_api_do_the_same(complaint, chen, zhou, officer, signed_in, api, sun):
    page = f"/complaints/{complaint.number}/restriction/"
    assert signed_in(sun).post(page, {"reason": "看看能不能"}).status_code == 404
    answer = signed_in(chen).post(page, {"people": [zhou.pk], "reason": "涉及个人信息"})
    assert answer.status_code == 204
    assert "HX-Redirect" not in answer.headers  # who restricts it stays on its page
    assert (
        zhou.name in signed_in(chen).get(f"/complaints/{complaint.number}/panels/").content.decode()
    )
    program = f"/api/v1/complaints/{complaint.number}/restriction"
    body = {"people": ["nobody_of_this_name"], "reason": "涉及个人信息"}
    answer = api(chen).post(program, body, content_type="application/json")
    assert answer.status_code == 422 and "nobody_of_this_name" in answer.json()["detail"]
    lifted = api(officer).post(
        f"{program}/lifting", {"reason": "核实没有泄露"}, content_type="application/json"
    )
    assert lifted.status_code == 201
    assert not Complaint.objects.get(pk=complaint.pk).restricted
