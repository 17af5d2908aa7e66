"""Saying no: with reasons, with ways inside and outside, kept; and then it can end."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Feedback, Telling, Way
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.models import Message
from huiyin.journey.investigation.actions import find
from tests.roads import FOUND, assigned, close, fresh, solved, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
WHY = "检测报告显示加热盘完好，故障由外部电压造成，不属于质量问题。"


@pytest.fixture
def working(make_complaint, after_sales, li):
    """处理中, looked into; nothing asks for a call-back (severity 3, calm, out of the sample)."""
    from huiyin.journey.closure.models import VisitRule

    VisitRule.objects.filter(condition__isnull=True).update(percent=0)
    complaint = assigned(make_complaint, after_sales, li)
    find(complaint, by=li, **FOUND)
    return complaint


def test_a_refused_claim_ends_with_one_letter_and_can_be_closed(working, li):
    made = actions.refuse_claim(
        working, by=li, reason=WHY, basis="三包规定第十七条", channel="phone"
    )
    assert working.status == Status.RES
    text = Message.objects.public().latest("pk").text
    for what in (WHY, "三包规定第十七条", "内部复核", "12315", "调解", "仲裁", "人民法院"):
        assert what in text
    assert made.refused and [w["kind"] for w in made.ways][:2] == ["review", "hotline"]
    feedback = Feedback.objects.get()
    assert feedback.kinds == ["information", "referral"]
    told = [what for what in story(working) if what in (What.ALTERNATIVES_TOLD, What.FED_BACK)]
    assert told == [What.ALTERNATIVES_TOLD, What.FED_BACK]
    assert not working.clocks.own().running().exists()
    close(
        working, li, outcome="not_upheld", note="检测合格，已告知其他途径", satisfaction="unknown"
    )
    assert working.status == Status.CLO


def test_what_others_answer_within_thirty_days_is_no_promise_of_ours(working, li):
    actions.refuse_claim(working, by=li, reason=WHY, basis="三包规定第十七条", channel="phone")
    assert "30 天内" in Message.objects.public().latest("pk").text
    assert not working.promises.exists()


def test_an_angry_customer_is_visited_after_a_refusal_too(working, li):
    working.carry(emotion="angry")
    actions.refuse_claim(working, by=li, reason=WHY, channel="phone")
    assert working.status == Status.FUV
    assert working.callbacks.open().get().kind == "visit"


def test_before_it_was_looked_into_nothing_is_refused(make_complaint, after_sales, li):
    complaint = assigned(make_complaint, after_sales, li)
    with pytest.raises(Refused, match="先填写核实结论"):
        actions.refuse_claim(complaint, by=li, reason=WHY, channel="phone")
    assert fresh(complaint).status == Status.HND and not Telling.objects.exists()


def test_a_machine_never_refuses(working):
    with pytest.raises(NotPermitted, match="只能由人决定"):
        actions.refuse_claim(working, by=User.objects.system(), reason=WHY)


@pytest.mark.parametrize("who", ["sun", "mate", "zhou", "he", "admin"])
def test_nobody_else_refuses(who, working, request):
    with pytest.raises(NotPermitted):
        actions.refuse_claim(working, by=request.getfixturevalue(who), reason=WHY)


@pytest.mark.parametrize("reason", ["", "不行", "\x00" * 20])
def test_without_a_reason_nothing_is_said(reason, working, li):
    with pytest.raises(Invalid, match="为什么不能支持"):
        actions.refuse_claim(working, by=li, reason=reason, channel="phone")
    assert fresh(working).status == Status.HND


@pytest.mark.parametrize("ways", [[], ["review"], ["court"], ["nonsense"]])
def test_one_way_inside_and_one_outside_at_least(ways, working, li):
    with pytest.raises(Invalid, match="一条内部途径和一条外部途径"):
        actions.refuse_claim(working, by=li, reason=WHY, ways=ways, channel="phone")


def test_the_regulator_of_its_category_is_named(working, li):
    working.carry(category="DL.01")
    codes = {way.code for way in actions.ways_for(working)}
    assert "regulator-post" in codes and "regulator-data" not in codes


def test_a_customer_who_reads_english_gets_an_english_letter(working, li):
    working.customer.language = "en"
    working.customer.save()
    actions.refuse_claim(working, by=li, reason=WHY, channel="phone")
    assert "Complain to 12315" in Message.objects.public().latest("pk").text


def test_what_was_told_stays_whatever_becomes_of_the_rows(working, li):
    actions.refuse_claim(working, by=li, reason=WHY, channel="phone")
    Way.objects.update(text_zh="改了", enabled=False)
    assert "10 个工作日" in Telling.objects.get().ways[0]["text"]
    for act in (lambda: Telling.objects.update(reason="别的"), Telling.objects.all().delete):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_refuse_at_once_one_is_refused(make_complaint, after_sales, li, chen):
    complaint = assigned(make_complaint, after_sales, li)
    find(complaint, by=li, **FOUND)
    results = at_once(
        *(
            lambda u=u: actions.refuse_claim(fresh(complaint), by=u, reason=WHY, channel="phone")
            for u in (li, chen)
        )
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Telling.objects.count() == 1


def test_closing_as_not_upheld_is_impossible_before(make_complaint, after_sales, li):
    from tests.roads import feed_back

    complaint = solved(make_complaint, after_sales, li)
    feed_back(complaint, li)
    actions.judge(complaint, solved=True)
    with pytest.raises(Refused, match="先告知客户理由和其他途径"):
        close(complaint, li, outcome="not_upheld", note="检测合格，不支持")
    actions.tell_alternatives(complaint, by=li, reason=WHY, channel="phone")
    close(complaint, li, outcome="not_upheld", note="检测合格，不支持")


def test_told_of_an_earlier_solution_does_not_count(working, li, chen):
    actions.refuse_claim(working, by=li, reason=WHY, channel="phone")
    actions.rework(working, by=chen, reason="请重新核实")
    assert not actions.told_of_ways(fresh(working)) or working.resolved_at is None


# --- page and API --------------------------------------------------------------------------------


def test_the_page_says_no(working, li, signed_in):
    client, place = signed_in(li), f"/complaints/{working.number}/refusal/"
    html = client.get(place).content.decode()
    assert "申请内部复核" in html and "12315" in html
    body = {"reason": WHY, "ways": ["review", "court"], "channel": "phone"}
    assert client.post(place, body, headers={"HX-Request": "true"}).status_code == 204
    panel = client.get(f"/complaints/{working.number}/panels/closure/").content.decode()
    assert "已告知其他途径" in panel and "提供信息" in panel


def test_a_program_says_no(working, li, sun, api):
    place = f"/api/v1/complaints/{working.number}"
    client = api(li)
    assert len(client.get(f"{place}/alternatives").json()) >= 5
    body = {"reason": WHY, "channel": "phone"}
    json = "application/json"
    assert api(sun).post(f"{place}/refusal", body, content_type=json).status_code == 404
    made = client.post(f"{place}/refusal", body, content_type=json)
    assert made.status_code == 201 and made.json()["refused"]
    again = client.post(f"{place}/refusal", body, content_type=json)
    assert again.status_code == 409
    assert len(client.get(f"{place}/tellings").json()) == 1
    kinds = client.get(f"{place}/feedback?kind=referral").json()
    assert len(kinds) == 1 and client.get(f"{place}/feedback?kind=refund").json() == []
