"""A call and its complaint: linked once, with its notes; a registration that begins from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.complaint.words import What
from tests.phone.calls import story, tomorrow_at_ten
from tests.together import at_once

pytestmark = pytest.mark.django_db


# --- linking and the story -----------------------------------------------------------------------


def test_a_linked_call_stands_in_the_story(pbx, talking, complaint, li):
    pbx.tell("hold", after=30)
    pbx.tell("resume", after=75)
    actions.link(talking, complaint, by=li)
    assert What.CALLED not in story(complaint)
    pbx.tell("hangup", after=200, by="customer")
    assert story(complaint).count(What.CALLED) == 1
    facts = complaint.events.get(what=What.CALLED).facts
    assert (facts["seconds"], facts["holds"], facts["held"]) == (195, 1, 45)
    from huiyin.surface.workbench.story import sentence

    told = sentence(What.CALLED, facts)
    assert told == "通话 · 呼入 · 3 分 15 秒 · 保持 1 次，共 45 秒 · 客户挂断"
    pbx.tell("hangup", after=200, by="customer")
    assert story(complaint).count(What.CALLED) == 1


def test_a_call_linked_afterwards_brings_everything_along(pbx, talking, complaint, li):
    pbx.tell("hold", after=30)
    pbx.tell("resume", after=200)
    pbx.tell("hangup", after=300, by="network")
    call = Call.objects.get()
    actions.keep_notes(call, by=li, text="客户说电饭煲不加热，三天前买的")
    actions.finish(call, by=li)
    assert not complaint.messages.filter(kind="note").exists()
    actions.link(call, complaint, by=li)
    found = story(complaint)
    for what in (What.CALLED, What.LONG_HOLD, What.CALL_DROPPED, What.CALLBACK_ASKED, What.NOTED):
        assert found.count(what) == 1, what
    assert "三天前买的" in complaint.messages.get(kind="note").text
    actions.link(call, complaint, by=li)  # again: nothing new
    assert story(complaint) == found


def test_a_call_is_not_linked_twice(talking, complaint, make_complaint, li):
    actions.link(talking, complaint, by=li)
    with pytest.raises(Refused):
        actions.link(talking, make_complaint(), by=li)


@pytest.mark.django_db(transaction=True)
def test_two_link_it_to_two_complaints_at_once(pbx, make_complaint, li, chen):
    call = pbx.talk()
    one, other = make_complaint(), make_complaint()
    results = at_once(
        lambda: actions.link(Call.objects.get(), one, by=li) and None,
        lambda: actions.link(Call.objects.get(), other, by=chen) and None,
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    call.refresh_from_db()
    assert call.complaint_id in (one.pk, other.pk)


def test_somebody_else_works_in_no_call_of_mine(talking, sun, complaint):
    for act in (
        lambda: actions.link(talking, complaint, by=sun),
        lambda: actions.keep_notes(talking, by=sun, text="x"),
        lambda: actions.notice_given(talking, by=sun),
        lambda: actions.help_asked(talking, by=sun),
        lambda: actions.close(talking, by=sun),
        lambda: actions.call_back(talking, by=sun, at=tomorrow_at_ten()),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not Call.objects.visible_to(sun).exists()


def test_who_sees_which_call(pbx, talking, li, chen, manager, sun, admin):
    assert Call.objects.visible_to(li).count() == 1
    assert Call.objects.visible_to(chen).count() == 1
    assert Call.objects.visible_to(manager).count() == 1
    assert not Call.objects.visible_to(sun).exists()
    assert not Call.objects.visible_to(admin).exists()
    li.is_active = False
    assert not Call.objects.visible_to(li).exists()


def test_of_a_complaint_one_does_not_see_a_call_tells_no_number(
    pbx, talking, complaint, li, sun, signed_in
):
    actions.link(talking, complaint, by=li)
    pbx.tell("transfer", after=60, agent="8002")
    browser = signed_in(sun)
    for page in ("/calls/", "/calls/mine/", f"/calls/{talking.pk}/"):
        text = browser.get(page).content.decode()
        assert complaint.number not in text
        assert "已关联" in text


# --- notes and the notice ------------------------------------------------------------------------


def test_notes_become_a_note_once(pbx, talking, complaint, li):
    actions.keep_notes(talking, by=li, text="  第一句\r\n第二句 ")
    actions.link(talking, complaint, by=li)
    with pytest.raises(Refused):
        actions.finish(talking, by=li)
    pbx.tell("hangup", after=90, by="customer")
    actions.finish(talking, by=li)
    actions.finish(talking, by=li)
    assert complaint.messages.get(kind="note").text == "通话记录：第一句\n第二句"
    with pytest.raises(Refused):
        actions.keep_notes(talking, by=li, text="更多")


def test_notes_that_are_too_long_are_refused(talking, li):
    with pytest.raises(Invalid):
        actions.keep_notes(talking, by=li, text="九" * 8001)


def test_forgotten_notes_are_kept_by_the_worker(pbx, talking, complaint, li):
    actions.keep_notes(talking, by=li, text="没有按整理完毕")
    actions.link(talking, complaint, by=li)
    pbx.tell("hangup", after=90, by="customer")
    actions.watch()
    assert not complaint.messages.filter(kind="note").exists()
    with moment.at(moment.now() + timedelta(minutes=31)):
        actions.watch()
        actions.watch()
    assert complaint.messages.filter(kind="note").count() == 1


def test_the_recording_notice_is_on_record_once(talking, li):
    actions.notice_given(talking, by=li)
    first = Call.objects.get().told_recording_at
    actions.notice_given(talking, by=li)
    call = Call.objects.get()
    assert (call.told_recording_by, call.told_recording_at) == (li, first)
    assert call.acts.filter(did="notice").count() == 1


# --- registration --------------------------------------------------------------------------------


def test_a_registration_from_a_call(pbx, talking, li, signed_in):
    actions.keep_notes(talking, by=li, text="电饭煲不加热，要求退货")
    actions.notice_given(talking, by=li)
    browser = signed_in(li)
    page = browser.get(f"/registration/?call={talking.pk}").content.decode()
    assert "电饭煲不加热，要求退货" in page
    assert "138 0013 8000" in page
    call = Call.objects.get()
    assert str(call.draft_key) in page
    done = browser.post(
        "/registration/",
        {
            "key": str(call.draft_key),
            "channel": "phone",
            "phone": "138 0013 8000",
            "text": "电饭煲不加热，要求退货",
            "recording_told": "1",
            "privacy_told": "1",
        },
    )
    assert done.status_code == 302, done.content.decode()[:2000]
    call.refresh_from_db()
    assert call.complaint is not None
    pbx.tell("hangup", after=90, by="customer")
    actions.finish(Call.objects.get(), by=li)
    assert not call.complaint.messages.filter(kind="note").exists()  # it stands in the text
    assert What.CALLED in story(call.complaint)


def test_nobody_registers_from_a_call_of_another(talking, sun, signed_in):
    page = signed_in(sun).get(f"/registration/?call={talking.pk}").content.decode()
    assert "138" not in page.split("placeholder")[0]
    assert str(talking.draft_key) not in page
    for typed in ("x", "99999999999999999999", "-1", "１"):
        assert signed_in(sun).get("/registration/", {"call": typed}).status_code == 200
