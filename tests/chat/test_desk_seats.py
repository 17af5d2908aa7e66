"""The seat, who gets whom, and back to the front of the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import distributing, seating, summing
from huiyin.journey.channels.chat.fairness import Free, next_one
from huiyin.journey.channels.chat.models import Alarm, Chat, Line, Seat
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState, Outcome
from huiyin.surface.notices.chatting import tell_alarms
from huiyin.surface.notices.models import Notice
from tests.chat.conftest import answered, holder, sits
from tests.conftest import at
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_fairness_is_by_load_then_by_rest_then_by_number():
    now = at("2026-11-02 10:00")
    teams = frozenset({1})
    busy = Free(1, 2, 5, None, teams)
    rested = Free(3, 1, 5, now - timedelta(hours=2), teams)
    fresh = Free(2, 1, 5, now - timedelta(hours=1), teams)
    full = Free(4, 0, 0, None, teams)
    other = Free(5, 0, 5, None, frozenset({2}))
    seats = [busy, fresh, rested, full, other]
    assert next_one(seats, 1, frozenset()) == rested
    assert next_one(seats, 1, frozenset({3})) == fresh
    assert next_one(seats, 2, frozenset()) == other
    assert next_one([full], 1, frozenset()) is None
    never = Free(9, 1, 5, None, teams)
    assert next_one([rested, never], 1, frozenset()) == never


def test_visitors_go_evenly_to_those_who_are_ready(visit, li, luo, sun):
    for user in (li, luo, sun):
        sits(user)
    chats = [visit(f"第 {n} 位") for n in range(6)]
    holders = [holder(chat) for chat in chats]
    assert holders.count(li) == holders.count(luo) == 3
    assert sun not in holders


def test_nobody_gets_more_than_he_takes_and_who_is_not_there_gets_none(visit, li, luo):
    sits(li, most=1)
    sits(luo)
    User.objects.filter(pk=luo.pk).update(presence=Presence.BREAK)
    first, second = visit("一"), visit("二")
    assert holder(first) == li
    assert (holder(second), second.state) == (None, ChatState.WAITING)
    summing.sum_up(first, by=li, outcome=Outcome.NONE, summary="只问时间")
    distributing.distribute()
    assert holder(second) == li


def test_who_sits_down_is_given_those_who_wait(visit, li):
    first = visit("一")
    seat = seating.sit(by=li, ready=True, most=3)
    assert (seat.ready, seat.most) == (True, 3)
    assert holder(first) == li
    seating.sit(by=li, ready=False)
    assert holder(visit("二")) is None


def test_a_seat_has_limits(li, admin, chen):
    for most in (0, 31, -1):
        with pytest.raises(Invalid):
            seating.sit(by=li, most=most)
    with pytest.raises(NotPermitted):
        seating.sit(by=admin, ready=True)
    User.objects.filter(pk=chen.pk).update(presence=Presence.AWAY)
    chen.refresh_from_db()
    with pytest.raises(Refused, match="在岗"):
        seating.sit(by=chen, ready=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_one_has_him(visit, li, luo):
    chat = visit("一")
    results = at_once(
        lambda: actions.accept(chat, by=li),
        lambda: actions.accept(chat, by=luo),
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    assert "已经接待" in str(refused[0].sentence)
    assert Chat.objects.get(pk=chat.pk).agent in (li, luo)
    assert chat.lines.filter(kind=By.SYSTEM).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_next_at_once_get_two(visit, li, luo):
    first, second = visit("一"), visit("二")
    results = at_once(lambda: seating.take_next(by=li), lambda: seating.take_next(by=luo))
    assert {one.pk for one in results} == {first.pk, second.pk}
    with pytest.raises(Refused, match="没有排队"):
        seating.take_next(by=li)


@pytest.mark.django_db(transaction=True)
def test_two_distributors_at_once_give_each_visitor_once(visit, li, luo):
    chats = [visit(str(n)) for n in range(6)]
    sits(li)
    sits(luo)
    at_once(distributing.distribute, distributing.distribute)
    distributing.distribute()
    assert Chat.objects.of(li).count() == Chat.objects.of(luo).count() == 3
    assert Line.objects.filter(kind=By.SYSTEM).count() == len(chats)


def test_who_does_not_answer_loses_him_to_the_front_of_the_queue(visit, li, luo, chen):
    begun = at("2026-11-02 10:00")
    with moment.at(begun):
        sits(li, most=1)
        first = visit("一")
        assert holder(first) == li
        second = visit("二")
    with moment.at(begun + timedelta(seconds=59)):
        distributing.return_lost()
        assert holder(first) == li
    with moment.at(begun + timedelta(seconds=61)):
        distributing.return_lost()
        distributing.return_lost()
        assert (holder(first), first.state) == (None, ChatState.WAITING)
        assert actions.ahead_of(first) == 0
        assert actions.ahead_of(second) == 1
        assert not Seat.objects.get(user=li).ready
        sits(luo, most=1)
        sits(li)
        distributing.distribute()
        assert holder(first) == luo
        assert holder(second) == li
        alarm = Alarm.objects.get(kind=AlarmKind.UNANSWERED)
        assert (alarm.chat, alarm.agent) == (first, li)
        tell_alarms()
        tell_alarms()
    told = Notice.objects.filter(key__contains=":unanswered:")
    assert {one.user for one in told} == {chen, li}
    assert all(one.address == f"/chats/?chat={first.pk}" for one in told)


def test_whom_nobody_else_can_take_is_not_given_back_to_the_silent_one(visit, li):
    with moment.at(at("2026-11-02 10:00")):
        sits(li)
        chat = visit("一")
    with moment.at(at("2026-11-02 10:02")):
        distributing.return_lost()
        sits(li)
        distributing.distribute()
    assert holder(chat) is None


def test_an_answer_keeps_him(talk, li):
    answered(talk, li)
    with moment.at(moment.now() + timedelta(minutes=10)):
        distributing.return_lost()
    assert holder(talk) == li


def test_an_agent_who_goes_leaves_his_visitors_to_the_queue(talk, visit, li, luo, chen):
    answered(talk, li)
    later = visit("后来的")
    User.objects.filter(pk=li.pk).update(presence=Presence.AWAY)
    distributing.return_lost()
    assert (holder(talk), talk.state) == (None, ChatState.WAITING)
    assert actions.ahead_of(talk) == 0
    assert actions.ahead_of(later) == 1
    assert Alarm.objects.get(kind=AlarmKind.OFFLINE).agent == li
    assert "最前面" in talk.lines.for_visitor().last().text


def test_a_page_that_is_not_heard_of_is_an_agent_who_went(talk, visit, li):
    answered(talk, li)
    seating.sit(by=li, ready=True)
    with moment.at(moment.now() + timedelta(seconds=100)):
        assert holder(visit("没有人看着这一页")) is None
    with moment.at(moment.now() + timedelta(seconds=60)):
        distributing.return_lost()
        assert holder(talk) == li
        seating.heard(li)
    with moment.at(moment.now() + timedelta(seconds=120)):
        distributing.return_lost()
        assert holder(talk) == li
    with moment.at(moment.now() + timedelta(seconds=500)):
        distributing.return_lost()
        assert holder(talk) is None
        assert not Seat.objects.get(user=li).ready
