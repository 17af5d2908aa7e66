"""Limits of the first reply, silent visitors, the watch."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.chat import actions, health, lists
from huiyin.journey.channels.chat.actions import watching
from huiyin.journey.channels.chat.fairness import mark_passed, opening_seconds
from huiyin.journey.channels.chat.models import Chat, Site
from huiyin.journey.channels.chat.words import AlarmKind, ChatState
from huiyin.surface.notices.chatting import tell_alarms
from huiyin.surface.notices.models import Notice
from tests.chat.conftest import answered, sits
from tests.conftest import at

pytestmark = pytest.mark.django_db


def test_only_opening_hours_count(shop):
    from huiyin.ground.worktime.models import calendar

    office = calendar("office")
    friday, monday = at("2026-11-06 17:59"), at("2026-11-09 09:30")
    closed = opening_seconds(at("2026-11-07 10:00"), at("2026-11-08 20:00"), office)
    assert closed == 0
    open_ = opening_seconds(at("2026-11-04 10:00"), at("2026-11-04 10:05"), office)
    assert open_ == 300
    assert opening_seconds(friday, monday, office) < (monday - friday).total_seconds() / 10
    assert opening_seconds(monday, friday, office) == 0
    shop.calendar_code = "office"
    due = shop.first_due(at("2026-11-06 20:00"))
    assert due >= at("2026-11-09 08:00")
    assert opening_seconds(at("2026-11-06 20:00"), due, office) == pytest.approx(60)


def test_marks_are_passed_once_each():
    assert mark_passed(29, 60, [50, 80, 100]) == 0
    assert mark_passed(30, 60, [50, 80, 100]) == 50
    assert mark_passed(48, 60, [50, 80, 100]) == 80
    assert mark_passed(600, 60, [50, 80, 100]) == 100
    assert mark_passed(1, 0, [50]) == 0


def test_a_first_reply_is_warned_of_at_half_and_most_and_missed_once(visit, li, chen):
    begun = at("2026-11-02 10:00")
    with moment.at(begun):
        chat = visit("一")
    for seconds, kinds in (
        (29, []),
        (31, ["warned"]),
        (49, ["warned", "nearly"]),
        (61, ["warned", "nearly", "missed"]),
        (90, ["warned", "nearly", "missed"]),
    ):
        with moment.at(begun + timedelta(seconds=seconds)):
            watching.watch_limits()
            watching.watch_limits()
            assert list(chat.alarms.values_list("kind", flat=True)) == kinds
    tell_alarms()
    assert Notice.objects.filter(user=chen, key=f"chat:{chat.pk}:missed:0").count() == 1
    with moment.at(begun + timedelta(seconds=95)):
        assert lists.figures(chen).missed == 1


def test_an_answer_between_two_looks_that_came_too_late_is_missed_too(talk, li):
    late = talk.first_due_at + timedelta(seconds=3)
    with moment.at(late):
        answered(talk, li)
    with moment.at(late + timedelta(seconds=10)):
        watching.watch_limits()
    assert talk.alarms.filter(kind=AlarmKind.MISSED).count() == 1


def test_an_answer_in_time_is_no_miss(talk, li):
    answered(talk, li)
    with moment.at(talk.asked_at + timedelta(hours=1)):
        watching.watch_limits()
    assert not talk.alarms.filter(kind=AlarmKind.MISSED).exists()


def test_the_limit_is_data(shop, visit):
    Site.objects.filter(pk=shop.pk).update(first_reply_seconds=600, warn_percents=[30])
    shop.refresh_from_db()
    begun = at("2026-11-02 10:00")
    with moment.at(begun):
        chat = visit("一", site=shop)
    with moment.at(begun + timedelta(seconds=170)):
        watching.watch_limits()
        assert not chat.alarms.exists()
    with moment.at(begun + timedelta(seconds=190)):
        watching.watch_limits()
        assert list(chat.alarms.values_list("kind", flat=True)) == ["warned"]


def test_a_silent_visitor_is_reminded_once_and_then_it_ends(talk, li):
    begun = moment.now()
    answered(talk, li)
    with moment.at(begun + timedelta(minutes=4)):
        assert watching.watch_silence() == 0
    for minutes in (6, 7):
        with moment.at(begun + timedelta(minutes=minutes)):
            watching.watch_silence()
    assert talk.lines.filter(text__contains="您还在吗").count() == 1
    with moment.at(begun + timedelta(minutes=16)):
        watching.watch_silence()
        watching.watch_silence()
    talk.refresh_from_db()
    assert (talk.state, talk.ended_by) == (ChatState.ENDED, "time")


def test_it_never_ends_while_we_owe_an_answer(talk, li):
    begun = moment.now()
    answered(talk, li)
    with moment.at(begun + timedelta(seconds=30)):
        actions.say(talk, text="那要等多久？", client=uuid.uuid4())
    with moment.at(begun + timedelta(hours=2)):
        watching.watch_silence()
    talk.refresh_from_db()
    assert talk.state == ChatState.OPEN


def test_who_waits_and_closed_his_page_long_ago_leaves_his_words(visit, shop):
    chat = visit("没有人理我")
    with moment.at(moment.now() + timedelta(minutes=shop.idle_minutes + 1)):
        watching.watch_silence()
    chat.refresh_from_db()
    assert chat.state == ChatState.ENDED
    assert chat.complaint.text == "没有人理我"


def test_that_nobody_sits_there_is_told_at_once_and_once_for_all_who_wait(visit, li, han, shop):
    begun = at("2026-11-02 10:00")
    with moment.at(begun):
        first, second = visit("一"), visit("二")
        assert actions.place_of(second) is None  # no place in a queue that nobody serves
        assert (watching.watch_seats(), watching.watch_seats()) == (1, 0)
        assert first.alarms.filter(kind=AlarmKind.NOBODY).count() == 1
        tell_alarms()
        assert Notice.objects.filter(user=han, key__startswith=f"chat:{first.pk}:nobody").exists()
        sits(li, most=0)
        assert actions.place_of(second) is not None
    with moment.at(begun + timedelta(hours=1)):
        assert watching.watch_seats() == 0


def test_at_night_nobody_is_called_to_the_desk(visit, shop):
    with moment.at(at("2026-11-06 10:00")):
        visit("一")
    Site.objects.update(calendar_code="office")
    with moment.at(at("2026-11-07 03:00")):
        assert watching.watch_seats() == 0


def test_what_nobody_sums_up_is_told_to_the_lead_once_and_is_a_complaint_after_a_day(
    talk, li, han, shop
):
    answered(talk, li)
    actions.end_by_visitor(talk)
    ended = talk.ended_at
    for minutes, alarms in ((shop.summary_minutes - 1, 0), (shop.summary_minutes, 1), (120, 1)):
        with moment.at(ended + timedelta(minutes=minutes)):
            assert watching.watch_summaries() == 0
        assert talk.alarms.filter(kind=AlarmKind.UNSUMMED).count() == alarms
    tell_alarms()
    told = Notice.objects.filter(key=f"chat:{talk.pk}:unsummed:{li.pk}")
    assert {one.user for one in told} == {han, li}
    with moment.at(ended + timedelta(hours=24)):
        assert watching.watch_summaries() == 1
        assert watching.watch_summaries() == 0
    talk.refresh_from_db()
    assert (talk.outcome, talk.summary) == ("complaint", "未小结")
    assert talk.complaint.text == "电饭煲不加热"
    assert not Chat.objects.unsummed().exists()


def test_what_nobody_sums_up_goes_to_the_complaint_it_is_attached_to(
    talk, li, make_complaint, after_sales
):
    old = make_complaint(team=after_sales, assignee=li)
    answered(talk, li)
    actions.end_by_visitor(talk)
    actions.attach_to(talk, by=li, complaint=old)
    with moment.at(talk.ended_at + timedelta(hours=25)):
        watching.watch_summaries()
    talk.refresh_from_db()
    assert (talk.outcome, talk.complaint) == ("existing", old)


def test_a_summary_in_time_is_no_alarm(talk, li):
    answered(talk, li)
    actions.end(talk, by=li, outcome="none", summary="只问营业时间")
    with moment.at(talk.ended_at + timedelta(hours=30)):
        assert watching.watch_summaries() == 0
    assert not talk.alarms.filter(kind=AlarmKind.UNSUMMED).exists()


def test_the_channels_page_counts_what_waits_for_a_summary(talk, li, manager):
    answered(talk, li)
    actions.end_by_visitor(talk)
    with moment.at(talk.ended_at + timedelta(hours=2)):
        row = next(one for one in health.rows(manager) if one.key.startswith("site-"))
    figure = next(one for one in row.figures if one.label == "待小结")
    assert (figure.count, figure.is_bad) == (1, True)
    assert "state=unsummed" in figure.address


def test_the_watch_runs_whole_and_twice(visit, li):
    sits(li)
    visit("一")
    watching.watch()
    watching.watch()
    assert Chat.objects.of(li).count() == 1
