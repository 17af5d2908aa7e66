"""What an agent does in a call: notice, notes, hold guard, call-back, help, ladder, linking."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from huiyin.ground import moment
from huiyin.ground.people.models import Team
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.actions.working import came
from huiyin.journey.channels.phone.models import Call, Limit, Rung, limits
from huiyin.journey.complaint.words import What
from huiyin.surface.notices.models import Notice
from tests.conftest import at
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def talking(pbx, li):
    return pbx.talk()


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


def story(complaint):
    return list(complaint.events.order_by("pk").values_list("what", flat=True))


def tomorrow_at_ten():
    return (
        (moment.now() + timedelta(days=1))
        .astimezone(at("2026-11-29 10:00").tzinfo)
        .replace(hour=10, minute=0)
    )


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


# --- hold guard ----------------------------------------------------------------------------------


def test_a_hold_that_is_too_long_is_recorded(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    pbx.tell("hold", after=10)
    pbx.tell("resume", after=10 + 119)
    assert What.LONG_HOLD not in story(complaint)
    pbx.tell("hold", after=200)
    pbx.tell("resume", after=200 + 150)
    assert complaint.events.get(what=What.LONG_HOLD).facts["seconds"] == 150
    pbx.tell("hold", after=400)
    pbx.tell("hangup", after=900, by="customer")
    assert story(complaint).count(What.LONG_HOLD) == 1


def test_a_hold_that_goes_on_is_seen_by_the_worker(pbx, talking):
    pbx.tell("hold", after=10)
    actions.watch()
    assert Call.objects.get().long_hold >= 120


def test_the_figures_are_rows(pbx, talking):
    Limit.objects.get(code="hold_offer").delete()
    row = Limit.objects.create(code="hold_offer", seconds=5000)
    assert limits()["hold_offer"] == 5000
    pbx.tell("hold", after=10)
    pbx.tell("resume", after=400)
    assert Call.objects.get().long_hold == 0
    row.seconds = 60
    row.save()
    pbx.tell("hold", after=500)
    pbx.tell("resume", after=570)
    assert Call.objects.get().long_hold == 390


def test_the_bar_tells_the_browser_the_figures(pbx, talking, li, signed_in):
    pbx.tell("hold", after=10)
    text = signed_in(li).get("/calls/mine/").content.decode()
    for attribute in ('data-prompt="60"', 'data-again="60"', 'data-offer="120"'):
        assert attribute in text


def test_what_was_confirmed_is_so_on_every_page(pbx, talking, li, signed_in):
    """The prompt of this hold, not of one before it."""
    text = lambda: signed_in(li).get("/calls/mine/").content.decode()  # noqa: E731
    pbx.tell("hold", after=10)
    assert 'data-checked=""' in text()
    actions.checked(talking, by=li)
    assert f'data-checked="{talking.acts.get(did="checked").at.isoformat()[:19]}' in utc(text())
    pbx.tell("resume", after=1799)
    pbx.began = moment.now()
    pbx.tell("hold", after=1)
    assert 'data-checked=""' in text()


def utc(text):
    """Moments of a page, which stand there in local time, as rows keep them."""
    return re.sub(
        r"\d{4}-\d\d-\d\dT[\d:.]+\+\d\d:\d\d",
        lambda found: datetime.fromisoformat(found[0]).astimezone(UTC).isoformat(),
        text,
    )


def test_checking_is_on_record(pbx, talking, li):
    with pytest.raises(Refused):
        actions.checked(talking, by=li)
    pbx.tell("hold", after=10)
    actions.checked(talking, by=li)
    assert talking.acts.filter(did="checked", by=li).count() == 1


def test_a_call_back_instead_of_waiting_makes_the_task(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    when = tomorrow_at_ten()
    call = actions.call_back(talking, by=li, at=when, reason="客户要开会")
    task = call.callback
    assert task is not None
    assert (task.kind, task.person, task.appointment_at) == ("asked", li, when)
    later = when + timedelta(hours=2)
    actions.call_back(talking, by=li, at=later)
    task.refresh_from_db()
    assert task.appointment_at == later
    assert Callback.objects.count() == 1


def test_the_button_that_was_pressed_counts(pbx, talking, li, signed_in):
    """One click on a time that is offered, whatever else was typed there before."""
    offered, typed = tomorrow_at_ten(), "2020-01-01T10:00"
    place = f"/calls/{talking.pk}/callback/"
    answer = signed_in(li).post(place, {"at": offered.isoformat(), "other": typed})
    assert answer.status_code == 204
    assert Call.objects.get().recall_at == offered


def test_what_is_agreed_is_offered_no_more(pbx, talking, li, signed_in):
    pbx.tell("hold", after=10)
    bar = lambda: signed_in(li).get("/calls/mine/").content.decode()  # noqa: E731
    assert "data-guard-offer" in bar()
    actions.call_back(talking, by=li, at=tomorrow_at_ten())
    assert "data-guard-offer" not in bar()
    assert "已回拨" not in bar()  # he is on the line
    pbx.tell("hangup", after=60, by="customer")
    assert "已回拨" in bar()


def test_a_call_back_of_a_call_without_complaint_waits_for_it(pbx, talking, complaint, li):
    call = actions.call_back(talking, by=li, at=tomorrow_at_ten())
    assert call.callback is None
    assert Call.objects.to_recall().count() == 1
    actions.link(talking, complaint, by=li)
    assert Callback.objects.get().kind == "asked"


def test_what_was_agreed_without_a_complaint_is_not_forgotten(pbx, talking, li, chen):
    """Nobody is through with it, he is told when it is time, and the supervisor when it is late."""
    when = tomorrow_at_ten()
    pbx.tell("hangup", after=60, by="customer")
    call = actions.call_back(Call.objects.get(), by=li, at=when)
    with pytest.raises(Refused):
        actions.finish(call, by=li)

    def told(after: timedelta) -> list[tuple[str, str]]:
        with moment.at(when + after):
            for _ in range(2):
                actions.watch()
        found = Notice.objects.filter(key__startswith="call:").order_by("pk")
        return [(one.user.username, one.text[:9]) for one in found]

    due, late = ("li", "约定的回电时间到了"), ("chen", "约定的回电已超时，")
    assert told(timedelta(minutes=-1)) == []
    assert told(timedelta(minutes=1)) == [due]
    assert told(timedelta(hours=2)) == [due, late]
    actions.called_back(Call.objects.get(), by=li)
    actions.finish(Call.objects.get(), by=li)
    assert told(timedelta(hours=3)) == [due, late]


@pytest.mark.parametrize(
    ("began", "kept", "typed", "now"),
    [
        ("", "", "他说", "他说"),
        ("他说", "他说", "他说漏电", "他说漏电"),
        ("", "订单 8877", "又说", "订单 8877\n又说"),
        ("他说", "他说漏电", "他说 又来电", "他说漏电\n又来电"),
        ("他说", "他说漏电", "", "他说漏电"),
        ("他说", "他说漏电", "他说漏电", "他说漏电"),
        ("他说漏电", "他说漏电", "", ""),
    ],
)
def test_notes_of_two_pages_are_kept_both(talking, li, began, kept, typed, now):
    actions.keep_notes(talking, by=li, text=kept)
    assert actions.keep_notes(talking, by=li, text=typed, began=began) == now
    talking.refresh_from_db()
    assert talking.notes == now


@pytest.mark.parametrize("when", [None, "past", "night", "far"])
def test_a_time_that_cannot_be_kept(talking, li, when):
    given = {
        None: None,
        "past": moment.now() - timedelta(minutes=1),
        "night": tomorrow_at_ten().replace(hour=3),
        "far": tomorrow_at_ten() + timedelta(days=40),
    }[when]
    with pytest.raises(Invalid):
        actions.call_back(talking, by=li, at=given)
    assert not Call.objects.to_recall().exists()


# --- dropped lines -------------------------------------------------------------------------------


def test_a_dropped_line_is_called_back_within_three_minutes(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    call = pbx.tell("hangup", after=60, by="network", reason="38")
    task = call.callback
    assert task is not None
    assert (task.kind, task.person) == ("dropped", li)
    assert task.due_at == call.ended_at + timedelta(minutes=3)
    assert What.CALL_DROPPED in story(complaint)
    pbx.tell("hangup", after=61, by="network")
    assert Callback.objects.count() == 1


def test_it_is_to_be_called_at_once_at_night_too(pbx, talking, complaint, li):
    with moment.at(at("2026-11-28 23:30")):
        pbx.began = moment.now() - timedelta(minutes=2)
        call = pbx.talk("night")
        actions.link(call, complaint, by=li)
        call = pbx.tell("hangup", "night", after=60, by="network")
        assert call.callback.next_at <= moment.now()


def test_whoever_hung_up_himself_is_not_called(pbx, talking, complaint, li):
    actions.link(talking, complaint, by=li)
    pbx.tell("hangup", after=60, by="customer")
    assert not Callback.objects.exists()


def test_what_was_called_back_waits_no_longer(pbx, talking, complaint, li):
    from huiyin.journey.callbacks import actions as callbacks

    actions.link(talking, complaint, by=li)
    call = pbx.tell("hangup", after=60, by="network")
    assert Call.objects.to_recall().get().waits_for_us
    callbacks.answer(call.callback, by=li, result="talked", words="已回拨")
    assert not Call.objects.to_recall().exists()
    assert not Call.objects.select_related("callback").get().waits_for_us


def test_a_call_i_missed_is_mine(pbx, li):
    pbx.tell("ringing", agent="8001")
    call = pbx.tell("hangup", after=20, by="customer")
    assert (call.state, call.agent) == ("missed", li)


def test_what_is_settled_needs_no_call(pbx, talking, make_complaint, li):
    done = make_complaint(status="CLO")
    actions.link(talking, done, by=li)
    pbx.tell("hangup", after=60, by="network")
    assert not Callback.objects.exists()


def test_a_drop_without_complaint_waits_in_the_list_until_he_is_called(pbx, talking, li, signed_in):
    pbx.tell("hangup", after=60, by="unknown")
    browser = signed_in(li)
    assert "待回拨" in browser.get("/calls/?view=recall").content.decode()
    assert "138****8000" in browser.get("/calls/?view=recall").content.decode()
    assert "线路中断" in browser.get("/calls/mine/").content.decode()
    pbx.tell(
        "ringing", "again", after=100, direction="out", **{"from": "8001", "to": "13800138000"}
    )
    pbx.tell("answered", "again", after=110, agent="8001")
    assert Call.objects.get(outer_id="c1").recalled_at is not None
    assert not Call.objects.to_recall().exists()


def test_an_earlier_end_that_is_told_late_takes_the_drop_back(pbx, talking):
    """The two legs of a call tell their ends in any order; of two the earlier counts."""
    pbx.tell("hangup", after=61, by="unknown")
    assert Call.objects.to_recall().count() == 1
    call = pbx.tell("hangup", after=60, by="customer")
    assert (call.hung_up_by, call.dropped, call.waits_for_us) == ("customer", False, False)
    assert not Call.objects.to_recall().exists()


def test_who_calls_again_himself_waits_no_longer(pbx, talking, li):
    """He was cut off and rang us before we rang him."""
    pbx.tell("hangup", after=60, by="network")
    pbx.tell("ringing", "again", after=80, agent="8002")
    assert Call.objects.to_recall().count() == 1  # not spoken with yet
    pbx.tell("answered", "again", after=85, agent="8002")
    assert not Call.objects.to_recall().exists()


def test_what_broke_off_stands_before_what_is_only_to_be_written_up(pbx, talking, li, signed_in):
    pbx.tell("hangup", after=60, by="network")
    pbx.talk("next", after=70, **{"from": "13911112222"})
    bar = lambda: signed_in(li).get("/calls/mine/").content.decode()  # noqa: E731
    assert "139****2222" in bar().split("还没有整理的通话")[0]  # he speaks
    pbx.tell("hangup", "next", after=130, by="customer")
    first, later = bar().split("还没有整理的通话")
    assert "线路中断，请马上回拨客户" in first
    assert "139****2222" in later


def test_an_end_that_was_never_told(pbx, talking, li):
    with moment.at(moment.now() + timedelta(hours=5)):
        actions.watch()
    call = Call.objects.get()
    assert (call.state, call.dropped) == ("ended", False)
    pbx.tell("hangup", after=100, by="customer")


def test_the_agent_says_that_it_is_over(pbx, talking, li):
    actions.close(talking, by=li)
    call = Call.objects.get()
    assert (call.state, call.hung_up_by, call.dropped) == ("ended", "agent", False)
    with pytest.raises(Refused):
        actions.close(call, by=li)
    call = pbx.tell("hangup", after=100, by="customer")  # its word comes after all
    assert (call.hung_up_by, call.talked_seconds) == ("customer", 95)


def test_it_is_over_also_where_the_clock_of_the_telephone_is_fast(pbx, li):
    pbx.began = moment.now() + timedelta(minutes=4)
    actions.close(pbx.talk(), by=li)
    call = Call.objects.get()
    assert (call.state, call.agent) == ("ended", li)  # spoken with, not missed
    assert call.answered_at is not None


# --- help ----------------------------------------------------------------------------------------


def test_the_duty_supervisor_is_asked_at_once(talking, li, chen, signed_in):
    act = actions.help_asked(talking, by=li)
    assert act.to == chen
    assert actions.help_asked(talking, by=li).pk == act.pk
    notice = Notice.objects.get(user=chen)
    assert (notice.urgent, notice.text) == (True, "李明 在通话中请求支援")
    text = signed_in(chen).get("/calls/mine/").content.decode()
    assert "李明 请求支援" in text
    came(talking, by=chen)
    assert "请求支援" not in signed_in(chen).get("/calls/mine/").content.decode()
    assert "陈静 已响应" in signed_in(li).get("/calls/mine/").content.decode()


def test_nobody_waits_for_help_in_a_call_that_is_over(pbx, talking, li, chen, signed_in):
    actions.help_asked(talking, by=li)
    assert "等待响应" in signed_in(li).get("/calls/mine/").content.decode()
    pbx.tell("hangup", after=60, by="customer")
    assert "等待响应" not in signed_in(li).get("/calls/mine/").content.decode()


def test_whoever_is_asked_reads_it_in_his_language(talking, li, chen):
    chen.language = "en"
    chen.save()
    with translation.override("zh-hans"):  # as 李明 works
        actions.help_asked(talking, by=li)
    assert "支援" not in Notice.objects.get(user=chen).text


def test_somebody_who_was_not_asked_cannot_come(talking, sun):
    with pytest.raises(Refused):
        came(talking, by=sun)


def test_without_a_supervisor_it_is_said(pbx, sun, logistics):
    Team.objects.filter(pk=logistics.pk).update(duty_supervisor=None)
    from huiyin.ground.people.models import User

    User.objects.filter(username="chen").update(presence="away", is_active=False)
    call = pbx.talk("s1", agent="8002")
    with pytest.raises(Refused):
        actions.help_asked(call, by=sun)


# --- the ladder ----------------------------------------------------------------------------------


@pytest.fixture
def steps(db):
    return list(Rung.objects.order_by("position"))


def test_step_by_step_to_the_end(talking, complaint, li, chen, steps):
    calm, first, last, end = steps
    actions.link(talking, complaint, by=li)
    for one in (end, last):
        with pytest.raises(Refused, match=r"第一次提醒"):
            actions.say(talking, one, by=li)
    actions.say(talking, first, by=li)
    with pytest.raises(Refused, match=r"最后一次提醒"):
        actions.say(talking, end, by=li)
    actions.say(talking, last, by=li)
    with pytest.raises(Refused):
        actions.say(talking, last, by=li)
    actions.say(talking, calm, by=li)
    actions.say(talking, end, by=li)
    assert story(complaint).count(What.ABUSE_WARNED) == 3
    assert story(complaint).count(What.ABUSE_ENDED) == 1
    assert Notice.objects.get(user=chen, complaint=None).text == "李明 因辱骂结束了通话"
    assert Call.objects.get().abused
    with pytest.raises(Refused):
        actions.say(talking, first, by=li)


def test_an_ended_abusive_call_is_no_drop_and_a_pause_is_offered(
    pbx, talking, li, chen, steps, signed_in
):
    for one in steps[1:]:
        actions.say(talking, one, by=li)
    call = pbx.tell("hangup", after=300, by="unknown")
    assert not call.dropped
    text = signed_in(li).get("/calls/mine/").content.decode()
    assert "您可以暂停接听 30 分钟" in text


def test_what_was_said_before_the_complaint_is_told_in_it(talking, complaint, li, steps):
    actions.say(talking, steps[1], by=li)
    actions.link(talking, complaint, by=li)
    assert story(complaint).count(What.ABUSE_WARNED) == 1


def test_only_who_speaks_says_a_step(talking, chen, steps):
    with pytest.raises(NotPermitted):
        actions.say(talking, steps[1], by=chen)


@pytest.mark.django_db(transaction=True)
def test_the_same_step_twice_at_once(pbx, li):
    call = pbx.talk()
    first = Rung.objects.get(position=2)
    results = at_once(*(lambda: actions.say(call, first, by=li) and None for _time in range(3)))
    assert sum(isinstance(one, Refused) for one in results) == 2
    assert call.acts.filter(did="warned").count() == 1


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
