"""Findings: what happened, why, and who answers for it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.investigation.actions import find
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.rules import FINDABLE
from tests.conftest import person
from tests.roads import FOUND, assigned, fresh, story, to_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)


def test_a_finding_tells_facts_cause_and_liability_and_stands_in_the_story(complaint, li):
    finding = find(complaint, by=li, **FOUND)
    assert (finding.get_cause_display(), finding.get_liability_display()) == (
        "产品质量缺陷",
        "商家（本企业）",
    )
    event = complaint.events.get(what=What.FOUND)
    assert event.facts == {"cause": "产品质量缺陷", "liability": "商家（本企业）"}
    assert complaint.status == Status.HND


def test_a_later_finding_stands_beside_the_first_and_counts(complaint, li):
    find(complaint, by=li, **FOUND)
    find(complaint, by=li, **FOUND | {"facts": "检测后：电压不稳所致", "cause": "CAU.7"})
    assert [f.cause for f in complaint.findings.all()] == ["CAU.7", "CAU.1"]


def test_the_story_is_told_in_the_language_of_the_house_whoever_acts(complaint, li):
    from django.utils import translation

    with translation.override("en"):
        find(complaint, by=li, **FOUND)
    assert complaint.events.get(what=What.FOUND).facts["cause"] == "产品质量缺陷"


def test_a_finding_cannot_be_changed_or_deleted_even_in_the_database(complaint, li):
    finding = find(complaint, by=li, **FOUND)
    for act in (
        lambda: Finding.objects.filter(pk=finding.pk).update(cause="CAU.9"),
        lambda: Finding.objects.filter(pk=finding.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            act()


@pytest.mark.parametrize("who", ["sun", "zhou", "visitor", "finance"])
def test_only_the_handler_and_those_above_find(who, complaint, request):
    user = person(who, who, who) if who in Role.values else request.getfixturevalue(who)
    with pytest.raises(NotPermitted, match="处理人和本组主管"):
        find(complaint, by=user, **FOUND)
    assert not complaint.findings.exists()


def test_the_supervisor_of_the_team_may_find(complaint, chen):
    assert find(complaint, by=chen, **FOUND).by == chen


@pytest.mark.parametrize("status", Status.values)
def test_something_is_found_from_the_signature_to_the_closing_only(status, make_complaint, manager):
    complaint = make_complaint(status=status)
    if status in FINDABLE:
        assert find(complaint, by=manager, **FOUND)
    else:
        with pytest.raises(Refused, match="请先签收"):
            find(complaint, by=manager, **FOUND)
        assert story(complaint) == []


def test_who_forgot_it_can_still_find_before_closing(make_complaint, after_sales, li):
    complaint = to_visit(make_complaint, after_sales, li)
    assert find(complaint, by=li, **FOUND)


def test_a_stale_page_is_refused(complaint, li):
    stale = fresh(complaint)
    complaint.move_to(Status.WDR)
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        find(stale, by=li, **FOUND)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("facts", "", "请写明核实到的事实"),
        ("facts", "\x00\x00 短", "请写明核实到的事实"),
        ("facts", "事" * 5001, "最多写 5000 字，现在是 5001 字"),
        ("cause", "", "请选择成因"),
        ("cause", "CAU.99", "请选择成因"),
        ("liability", "客户", "请选择责任方"),
    ],
)
def test_what_is_missing_or_too_long_is_said_at_its_field(field, value, sentence, complaint, li):
    with pytest.raises(Invalid, match=sentence) as refused:
        find(complaint, by=li, **FOUND | {field: value})
    assert set(refused.value.fields) == {field}


def test_any_writing_is_kept_as_it_was_written(complaint, li):
    facts = "👨‍👩‍👧 \u202eABC\u202c <b>粗</b> 'x'; DROP TABLE"
    assert find(complaint, by=li, **FOUND | {"facts": facts + "\x00\ud800"}).facts == facts


def test_the_page_finds(complaint, li, signed_in):
    page = signed_in(li)
    url = f"/complaints/{complaint.number}/findings/"
    answer = page.post(url, FOUND, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "已保存核实结论" in answer["HX-Trigger"].encode().decode("unicode_escape")
    shown = page.get(f"/complaints/{complaint.number}/panels/investigation/").content.decode()
    assert "加热盘接触不良" in shown
    assert "更新结论" in shown


def test_the_page_says_at_the_field_what_is_wrong(complaint, li, signed_in):
    import json

    url = f"/complaints/{complaint.number}/findings/"
    answer = signed_in(li).post(url, FOUND | {"facts": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    said = json.loads(answer["HX-Trigger"])
    assert said["fields-refused"] == {"facts": "请写明核实到的事实"}
    assert answer["HX-Reswap"] == "none"


def test_a_program_finds(complaint, li, api):
    url = f"/api/v1/complaints/{complaint.number}/findings"
    answer = api(li).post(url, FOUND, content_type="application/json")
    assert answer.status_code == 201
    assert api(li).get(url).json()[0]["facts"] == FOUND["facts"]


@pytest.mark.parametrize("facts", ["\ud83d 孤立代理 abcdef", "\x00空字符空字符", "长" * 300_000])
def test_a_program_that_sends_hostile_text_gets_a_sentence_or_is_served(facts, complaint, li, api):
    import json

    url = f"/api/v1/complaints/{complaint.number}/findings"
    body = json.dumps(FOUND | {"facts": facts})
    answer = api(li).post(url, body, content_type="application/json")
    assert answer.status_code in (201, 422)


def test_another_team_sees_no_findings(complaint, sun, api, signed_in):
    url = f"/api/v1/complaints/{complaint.number}/findings"
    assert api(sun).get(url).status_code == 404
    assert api(sun).post(url, FOUND, content_type="application/json").status_code == 404
    page = signed_in(sun).post(f"/complaints/{complaint.number}/findings/", FOUND)
    assert page.status_code == 404
    assert not Complaint.objects.visible_to(sun).exists()
