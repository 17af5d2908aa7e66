"""Dropped lines, and ends that nobody tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.complaint.words import What
from tests.conftest import at
from tests.phone.calls import story

pytestmark = pytest.mark.django_db


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
