"""Cases for training: nobody can be recognised in them, whatever was written."""

from __future__ import annotations

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions
from huiyin.journey.closure.models import Case
from huiyin.journey.closure.rules import anonymised
from huiyin.journey.closure.words import CaseState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from tests.conftest import person

pytestmark = pytest.mark.django_db

HOSTILE = (
    "我叫王芳，王 芳也行，ＷＦ＠example.com 或 wf@example.com，手机１３８ ００１３ ８０００，"
    "打 138-0013-8000 或幺三八零零幺三八零零零都行，1\u200b38\u200b0013\u200b8000 也通。"
    "住浙江省杭州市西湖区文三路90号3栋2单元501室。订单 DD20261123-778899，"
    "身份证330106199001011234，卡6222 0212 3456 7890 123，付了2,380元（¥2380.00），"
    "一千二百块现金，车牌浙A·12345，见 https://x.cn/u/1380013 ，客服李明接的电话。"
)
SECRETS = (
    *("王芳", "王 芳", "13800138000", "138 0013 8000", "138-0013-8000", "零零幺三八", "李明"),
    *("example.com", "文三路", "501", "杭州", "DD2026", "778899", "330106", "6222", "7890"),
    *("2,380", "2380", "一千二百", "12345", "x.cn", "１３８", "DD20261123-778899"),
)


def test_hostile_text_leaves_nobody_to_be_recognised(wang_fang, li):
    clean = anonymised(HOSTILE, names=["王芳", "李明"], words=["DD20261123-778899"])
    assert [secret for secret in SECRETS if secret in clean] == []
    assert "几千元" in clean and "〔地址〕" in clean
    assert anonymised(clean, names=["王芳"]) == clean


@pytest.mark.parametrize(
    "text",
    [
        "在超市买的电饭煲不加热，客服一直不处理。",
        "第二天修好了，三个月内又坏了两次。",
        "S2 投诉，2026 年 11 月 3 日受理。",
    ],
)
def test_ordinary_text_stays_readable(text):
    assert anonymised(text, names=["王芳"]) == text


def test_long_text_takes_no_long_time():
    import time

    began = time.process_time()
    anonymised("区路号1" * 4000 + "一" * 4000 + "1-" * 4000, names=["王芳"] * 50)
    assert time.process_time() - began < 5


@pytest.fixture
def qa(db):
    return person("tao", "陶质检", Role.QA)


@pytest.fixture
def ended(closed):
    Complaint.objects.filter(pk=closed.pk).update(
        text=HOSTILE, subject="王芳 13800138000 的电饭煲", order_no="DD20261123-778899"
    )
    closed.refresh_from_db()
    return closed


def test_a_closed_one_becomes_a_draft_without_names(ended, li):
    case = actions.propose_case(ended, by=li, lesson="李明先安抚了王芳，再查 138 0013 8000 的订单")
    whole = " ".join((case.title, case.story, case.handling, case.lesson))
    assert [secret for secret in SECRETS if secret in whole] == []
    assert case.state == CaseState.DRAFT
    assert ended.events.filter(what=What.CASE_PROPOSED).exists()
    with pytest.raises(Refused, match="已经推荐过"):
        actions.propose_case(ended, by=li)


def test_only_a_closed_one_and_never_a_restricted_one(done, closed, li):
    with pytest.raises(Refused, match="结案以后"):
        actions.propose_case(done, by=li)
    closed.carry(restricted=True)
    with pytest.raises(Refused, match="限制查看"):
        actions.propose_case(closed, by=li)


@pytest.mark.parametrize("who", ["sun", "he", "admin", "zhou"])
def test_nobody_else_proposes(who, closed, request):
    with pytest.raises(NotPermitted):
        actions.propose_case(closed, by=request.getfixturevalue(who))


def test_quality_accepts_what_is_clean_and_nothing_else(ended, li, qa, chen):
    case = actions.propose_case(ended, by=li)
    told = {"title": "漏电的电饭煲", "story": "客户说漏电", "handling": "换新", "lesson": "先安抚"}
    with pytest.raises(NotPermitted):
        actions.accept_case(case, by=chen, **told)
    for leak in ("打 13800138000", "王芳说", "文三路90号", "退了 2380 元", "见 www.x.cn"):
        with pytest.raises(Invalid, match="能认出人"):
            actions.accept_case(case, by=qa, **told | {"lesson": leak})
    actions.accept_case(case, by=qa, **told)
    assert Case.objects.get().state == CaseState.ACCEPTED
    with pytest.raises(Refused, match="被别人审核过"):
        actions.refuse_case(case, by=qa, note="不典型，不采用")


def test_the_draft_itself_is_clean_enough_to_accept(ended, li, qa):
    case = actions.propose_case(ended, by=li)
    told = {name: getattr(case, name) for name in ("title", "story", "handling", "lesson")}
    actions.accept_case(case, by=qa, **told)


def test_who_proposed_does_not_judge(closed, qa):
    case = actions.propose_case(closed, by=qa)
    with pytest.raises(NotPermitted, match="由别人审核"):
        actions.refuse_case(case, by=qa, note="不典型，不采用")


def test_drafts_are_for_proposer_and_judges_the_library_for_all(
    closed, li, qa, sun, signed_in, api
):
    case = actions.propose_case(closed, by=li)
    assert signed_in(sun).get(f"/cases/{case.pk}/").status_code == 404
    assert signed_in(li).get(f"/cases/{case.pk}/").status_code == 200
    html = signed_in(qa).get("/cases/?state=draft").content.decode()
    assert case.title in html
    told = {"title": "电饭煲", "story": "不加热了", "handling": "换新了", "lesson": ""}
    client = signed_in(qa)
    answer = client.post(f"/cases/{case.pk}/acceptance/", told, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "电饭煲" in signed_in(sun).get("/cases/").content.decode()
    assert len(api(sun).get("/api/v1/cases?q=不加热").json()["items"]) == 1
    assert api(sun).get("/api/v1/cases?category=SF").json()["items"] == []
