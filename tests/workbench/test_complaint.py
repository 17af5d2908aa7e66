"""The complaint page: the next act for each person and status, the story, who else looks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions as conversation
from huiyin.surface.workbench.models import Look
from huiyin.surface.workbench.story import story
from tests.conftest import person
from tests.roads import assigned, propose, solved, to_visit

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)


def head(client, complaint) -> str:
    answer = client.get(f"/complaints/{complaint.number}/anew/prompt/").content.decode()
    return answer[: answer.index('data-part="story"')]


def primary(html: str) -> str:
    """The label of the act that is put first, "" when it is somebody else's turn."""
    _before, found, after = html.partition("data-primary>")
    return after.partition("</svg>")[2].partition("<")[0] if found else ""


def test_the_next_act_stands_first_for_whose_turn_it_is(
    signed_in, make_complaint, after_sales, li, chen, zhou
):
    agent, lead = signed_in(li), signed_in(chen)
    waiting = make_complaint(team=after_sales, status="TRI", severity=3, category_confirmed=True)
    assert primary(head(signed_in(zhou), waiting)) == "派单"
    assert primary(head(agent, waiting)) == "领取"

    given = make_complaint(team=after_sales, assignee=li, status="DIS", severity=3)
    assert primary(head(agent, given)) == "签收"
    assert primary(head(lead, given)) == ""
    assert "等待 李明 签收" in head(lead, given)

    handled = assigned(make_complaint, after_sales, li)
    assert primary(head(agent, handled)) == "填写核实结论"


def test_after_the_finding_comes_the_offer_then_its_approval(
    signed_in, make_complaint, after_sales, li, chen
):
    from huiyin.journey.investigation.actions import find
    from tests.roads import FOUND

    complaint = assigned(make_complaint, after_sales, li)
    find(complaint, by=li, **FOUND)
    assert primary(head(signed_in(li), complaint)) == "拟方案"
    propose(complaint, li, fen=200_000)
    assert primary(head(signed_in(li), complaint)) == ""
    assert "等待审批" in head(signed_in(li), complaint)
    assert primary(head(signed_in(chen), complaint)) == "审批方案"


def test_at_the_end_come_feedback_and_visit(signed_in, make_complaint, after_sales, li):
    done = solved(make_complaint, after_sales, li)
    assert primary(head(signed_in(li), done)) == "反馈结果"
    visitor = person("he", "何晓芸", Role.VISITOR)
    told = to_visit(make_complaint, after_sales, li)
    assert primary(head(signed_in(visitor), told)) == "登记回访"


@pytest.mark.parametrize("status", ["REG", "TRI", "DIS", "HND", "WCU", "W3P", "SUS", "PAP", "EXE",
                                    "RES", "FUV", "RWK", "CLO", "ARC", "REJ", "TRF", "MRG", "WDR",
                                    "CAN"])  # fmt: skip
def test_the_page_opens_in_every_status_for_everybody_who_sees_it(
    signed_in, make_complaint, after_sales, li, chen, zhou, manager, status
):
    complaint = make_complaint(team=after_sales, assignee=li, status=status, severity=2)
    for user in (li, chen, zhou, manager):
        page = signed_in(user).get(f"/complaints/{complaint.number}/")
        assert page.status_code == 200
        assert ("已归档，只能查看" in page.content.decode()) == (status == "ARC")


def test_reply_note_and_the_customers_words_are_three_forms(
    signed_in, make_complaint, after_sales, li
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    html = signed_in(li).get(f"/complaints/{complaint.number}/").content.decode()
    for kind in ("outbound", "note", "inbound"):
        assert f'id="write-{kind}"' in html
    officer = person("du", "杜衡", Role.SUPERVISION)
    html = signed_in(officer).get(f"/complaints/{complaint.number}/").content.decode()
    assert 'id="write-note"' in html and 'id="write-outbound"' not in html


def test_what_others_did_since_one_looked_is_unread_and_the_page_says_where(
    signed_in, make_complaint, after_sales, li, chen
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    conversation.note(complaint, by=chen, text="早先的")
    client = signed_in(li)
    assert "data-unread" not in client.get(f"/complaints/{complaint.number}/").content.decode()
    client.post(f"/complaints/{complaint.number}/look/")
    conversation.note(complaint, by=li, text="自己的")
    assert "data-unread" not in client.get(f"/complaints/{complaint.number}/").content.decode()
    conversation.note(complaint, by=chen, text="新来的")
    html = client.get(f"/complaints/{complaint.number}/").content.decode()
    assert html.index("自己的") < html.index("data-unread") < html.index("新来的")


def test_who_else_looks_is_told_to_who_sees_the_complaint(
    signed_in, make_complaint, after_sales, li, chen, sun
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    look = f"/complaints/{complaint.number}/look/"
    assert signed_in(li).post(look).json()["here"] == []
    assert signed_in(chen).post(look).json()["here"] == ["李明"]
    assert signed_in(sun).post(look).status_code == 404
    Look.objects.filter(user=li).update(at=moment.now() - timedelta(minutes=2))
    assert signed_in(chen).post(look).json()["here"] == []


def test_machine_events_in_a_row_are_one_line_and_the_rest_stand_alone(make_complaint, li):
    complaint = make_complaint(status="HND")
    system = User.objects.system()
    for what in (What.TRIAGED, What.DISPATCHED, What.CLOCK_WARNED):
        record(what, complaint, by=system)
    record(What.ACCEPTED, complaint, by=li)
    record(What.CLOCK_MISSED, complaint, by=system)
    entries, earlier = story(complaint)
    assert [entry.kind for entry in entries] == ["fold", "event", "event"]
    assert entries[0].text == "完成分级、派单、时限提醒"
    assert len(entries[0].inside) == 3 and earlier is None


def test_a_long_story_comes_in_parts_and_loses_nothing(signed_in, make_complaint, li, after_sales):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    for i in range(130):
        conversation.note(complaint, by=li, text=f"第 {i} 条。")
    entries, earlier = story(complaint)
    assert earlier
    texts = [entry.text for entry in entries]
    while earlier:
        entries, earlier = story(complaint, before=earlier)
        texts = [entry.text for entry in entries if entry.text not in texts] + texts
    assert texts == [f"第 {i} 条。" for i in range(130)]


def test_evidence_dropped_on_the_story_is_internal_and_stands_in_it(
    signed_in, make_complaint, li, after_sales, settings
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    client = signed_in(li)
    answer = client.post(
        f"/complaints/{complaint.number}/evidence/",
        {"files": SimpleUploadedFile("照片.png", PNG), "internal": "1"},
    )
    assert answer.status_code == 204
    evidence = complaint.evidence.get()
    assert evidence.internal
    html = client.get(f"/complaints/{complaint.number}/story/").content.decode()
    assert f'<img src="/evidence/{evidence.uuid}/"' in html


@pytest.mark.parametrize("asked", ["before=x", "before=²", "since=99999999999999999", "since=-1"])
def test_nonsense_in_the_address_of_the_story_does_no_harm(
    signed_in, make_complaint, li, after_sales, asked
):
    complaint = make_complaint(team=after_sales, assignee=li, status="HND")
    page = signed_in(li).get(f"/complaints/{complaint.number}/story/?{asked}")
    assert page.status_code == 200


def test_what_is_suspended_waits_to_be_woken_and_that_is_asked_first(
    signed_in, make_complaint, after_sales, li, chen
):
    asleep = make_complaint(team=after_sales, assignee=li, status="SUS", severity=3)
    html = head(signed_in(li), asleep)
    assert primary(html) == "解挂"
    assert "现在解挂？时限继续计时。" in html and f"/complaints/{asleep.number}/waking/" in html
    assert primary(head(signed_in(chen), asleep)) == ""  # the handler's turn: he only stands in
    assert "已挂起，等待解挂" in head(signed_in(chen), asleep)


def test_the_page_stands_first_and_the_late_panels_follow_in_one_answer(
    signed_in, make_complaint, after_sales, li, sun
):
    complaint = assigned(make_complaint, after_sales, li)
    page = signed_in(li).get(f"/complaints/{complaint.number}/").content.decode()
    late = f"/complaints/{complaint.number}/panels/"
    assert 'id="panel-clocks"' in page and 'id="panel-intake"' not in page
    assert f'hx-get="{late}" hx-trigger="load"' in page
    rest = signed_in(li).get(late).content.decode()
    assert 'id="panel-intake"' in rest and 'id="panel-clocks"' not in rest
    assert signed_in(sun).get(late).status_code == 404


def test_a_panel_that_has_nothing_to_say_yet_waits_hidden_for_when_it_has(
    signed_in, make_complaint, after_sales, li
):
    complaint = assigned(make_complaint, after_sales, li)
    page = signed_in(li).get(f"/complaints/{complaint.number}/").content.decode()
    assert 'data-panel="execution" hidden' in page and 'data-panel="clocks" hidden' not in page
    asked = f"/complaints/{complaint.number}/panels/execution/"
    assert signed_in(li).get(asked).status_code == 204
    assert (
        "panel-execution"
        not in signed_in(li).get(f"/complaints/{complaint.number}/anew/prompt/").text
    )


def test_a_page_that_stands_hears_of_everything_anew_in_two_answers(
    signed_in, make_complaint, after_sales, li, sun
):
    complaint = assigned(make_complaint, after_sales, li)
    path = f"/complaints/{complaint.number}/"
    page = signed_in(li).get(path).text + signed_in(li).get(f"{path}panels/").text
    spoken = set(re.findall(r'id="(panel-[\w-]+)">(?!</div>)', page))
    conversation.note(complaint, by=li, text="顾客刚刚又打来")
    first, late = (signed_in(li).get(f"{path}anew/{half}/").text for half in ("prompt", "late"))
    assert "顾客刚刚又打来" in first
    parts = re.findall(r'<template data-part="([\w-]+)">', first + late)
    assert len(parts) == len(set(parts)) and {"header", "story"} <= set(parts)
    assert set(parts) - {"header", "story"} >= spoken > {"panel-clocks", "panel-intake"}
    assert signed_in(sun).get(f"{path}anew/prompt/").status_code == 404
    assert signed_in(sun).get(f"{path}anew/late/").status_code == 404
