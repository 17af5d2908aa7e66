"""The desk: who sees and may do what, the seat, fair distribution, handing on, the end."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.privacy.models import Reveal
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.channels.chat import actions, lists
from huiyin.journey.channels.chat.actions import distributing, seating, summing, watching
from huiyin.journey.channels.chat.fairness import Free, mark_passed, next_one, opening_seconds
from huiyin.journey.channels.chat.models import Alarm, Chat, Line, Seat, Site
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState, Outcome
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.promises import actions as promises
from huiyin.journey.promises.models import Promise
from huiyin.surface.notices.chatting import tell_alarms
from huiyin.surface.notices.models import Notice, Phrase
from tests.chat.conftest import ORIGIN, asked, new_token
from tests.conftest import SHANGHAI, at, person
from tests.together import at_once

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def luo(after_sales):
    return person("luo", "罗翔", Role.SPECIALIST, teams=[after_sales])


@pytest.fixture
def han(after_sales):
    lead = person("han", "韩梅", Role.LEAD, teams=[after_sales])
    Team.objects.filter(pk=after_sales.pk).update(lead=lead)
    return lead


def sits(user: User, most: int = 5) -> None:
    Seat.objects.update_or_create(user=user, defaults={"ready": True, "most": most})


def holder(chat: Chat) -> User | None:
    chat.refresh_from_db()
    return chat.agent


def answered(chat: Chat, by: User, text: str = "您好，请讲") -> None:
    actions.answer(chat, by=by, text=text, client=uuid.uuid4())


# --- who sees what ------------------------------------------------------------------------------


def test_each_role_sees_its_own_part(visit, talk, li, luo, chen, sun, manager, admin, han):
    waits = visit("第二位")
    assert {c.pk for c in Chat.objects.visible_to(li)} == {talk.pk, waits.pk}
    assert {c.pk for c in Chat.objects.visible_to(luo)} == {waits.pk}
    for lead in (chen, han, manager):
        assert {c.pk for c in Chat.objects.visible_to(lead)} == {talk.pk, waits.pk}
    for stranger in (sun, admin):
        assert not Chat.objects.visible_to(stranger).exists()


def test_the_page_shows_ones_own_and_the_waiting_ones(visit, talk, li, luo, sun, admin, signed_in):
    visit("热水器漏电怎么办")
    page = signed_in(li).get("/chats/").content.decode()
    assert "热水器漏电怎么办" in page
    assert f'data-goes="{talk.pk}"' in page
    assert f'data-goes="{talk.pk}"' not in signed_in(luo).get("/chats/").content.decode()
    assert "热水器漏电" not in signed_in(sun).get("/chats/").content.decode()
    assert signed_in(admin).get("/chats/").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "context/", "accept/", "say/", "whisper/", "transfer/", "ending/", "contact/"]
)
def test_a_stranger_finds_no_chat(talk, sun, admin, signed_in, path):
    url = f"/chats/{talk.pk}/{path}"
    for user, status in ((sun, 404), (admin, 403)):
        client = signed_in(user)
        get = path in ("", "context/")
        answer = client.get(url) if get else client.post(url, {"text": "x"})
        assert answer.status_code == status


def test_only_who_serves_him_talks_and_a_lead_whispers(talk, li, chen, luo, signed_in):
    said = signed_in(chen).post(f"/chats/{talk.pk}/say/", {"text": "我来说"}, headers=HTMX)
    assert said.status_code == 403
    assert signed_in(chen).post(f"/chats/{talk.pk}/whisper/", {"text": "先道歉"}).status_code == 204
    assert signed_in(luo).post(f"/chats/{talk.pk}/whisper/", {"text": "插话"}).status_code == 404
    assert signed_in(li).post(f"/chats/{talk.pk}/say/", {"text": "您好"}).status_code == 204
    kinds = list(talk.lines.exclude(kind=By.SYSTEM).values_list("kind", flat=True))
    assert kinds == [By.VISITOR, By.WHISPER, By.AGENT]


def test_whispers_and_notes_of_handing_on_never_reach_the_visitor(talk, li, luo, chen):
    actions.whisper(talk, by=chen, text="暗号一：别赔", client=uuid.uuid4())
    seating.transfer(talk, by=li, person=luo, note="暗号二：难缠")
    summing.show_contact(talk, by=luo, reason="暗号三：核对身份")
    told = " ".join(talk.lines.for_visitor().values_list("text", flat=True))
    assert "暗号" not in told
    assert talk.lines.filter(kind=By.WHISPER).count() == 3
    made = summing.sum_up(talk, by=luo, outcome=Outcome.COMPLAINT, summary="换发热盘")
    assert made is not None
    evidence = made.evidence.get(name__endswith=".txt")
    from pathlib import Path

    from django.conf import settings

    transcript = (Path(settings.EVIDENCE_DIR) / evidence.path).read_text()
    assert "暗号" not in transcript
    assert "电饭煲" in transcript
    assert "暗号" not in " ".join(made.messages.values_list("text", flat=True))


# --- the seat, and who gets whom ------------------------------------------------------------------


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


# --- back to the front ----------------------------------------------------------------------------


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


# --- clocks ---------------------------------------------------------------------------------------


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


def test_the_watch_runs_whole_and_twice(visit, li):
    sits(li)
    visit("一")
    watching.watch()
    watching.watch()
    assert Chat.objects.of(li).count() == 1


# --- handing on, taking over ----------------------------------------------------------------------


def test_a_chat_goes_on_with_its_context(talk, li, luo, signed_in):
    form = signed_in(li).get(f"/chats/{talk.pk}/transfer/").content.decode()
    assert f"person:{luo.pk}" in form
    answer = signed_in(li).post(
        f"/chats/{talk.pk}/transfer/", {"to": f"person:{luo.pk}", "note": "要换发热盘"}
    )
    assert json.loads(answer["HX-Trigger"])["chats-changed"] == {"left": True}
    assert holder(talk) == luo
    page = signed_in(luo).get(f"/chats/{talk.pk}/").content.decode()
    assert "要换发热盘" in page
    assert "电饭煲不加热" in page


def test_to_a_team_it_waits_there_or_goes_to_who_is_free(talk, li, sun, logistics):
    seating.transfer(talk, by=li, team=logistics, note="是物流的事")
    assert (holder(talk), talk.team, talk.state) == (None, logistics, ChatState.WAITING)
    sits(sun)
    distributing.distribute()
    assert holder(talk) == sun


def test_a_wrong_taker_is_refused(talk, li, admin, signed_in):
    for to in ("", "person:", f"person:{admin.pk}", "team:999999", "person:x'; --"):
        posted = {"to": to, "note": "交接"}
        answer = signed_in(li).post(f"/chats/{talk.pk}/transfer/", posted, headers=HTMX)
        assert answer.status_code == 422, to
    assert holder(talk) == li


def test_a_lead_takes_over_and_an_agent_does_not(talk, li, luo, chen, signed_in):
    with pytest.raises(NotPermitted):
        seating.take_over(talk, by=luo)
    assert signed_in(chen).post(f"/chats/{talk.pk}/takeover/").status_code == 204
    assert holder(talk) == chen


# --- the end --------------------------------------------------------------------------------------


def test_the_end_proposes_what_triage_reads_and_open_ones_of_the_same(
    visit, li, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    other = make_complaint(restricted=True)
    chat = visit("电饭煲漏电，我妈被电了一下，送医院了")
    Chat.objects.filter(pk=chat.pk).update(phone="138 0013 8000")
    actions.accept(chat, by=li)
    chat.refresh_from_db()
    found = summing.proposal(chat, li)
    assert found.severity in (1, 2)
    assert found.category
    assert own.number in [one.complaint.number for one in found.similar]
    assert other.number not in [one.complaint.number for one in found.similar]
    form = signed_in(li).get(f"/chats/{chat.pk}/ending/").content.decode()
    assert own.number in form
    assert "138 0013 8000" not in form


def test_it_becomes_a_complaint_with_the_contact_as_corrected(talk, li, signed_in):
    posted = {
        "becomes": "new",
        "summary": "电饭煲不加热，要求换新",
        "name": "王芳",
        "phone": "139 0001 0001",
        "category": "",
        "severity": "3",
    }
    answer = signed_in(li).post(f"/chats/{talk.pk}/ending/", posted)
    assert answer.status_code == 204
    made = Complaint.objects.get(channel="chat")
    assert made.number in json.loads(answer["HX-Trigger"])["toast"]["text"]
    assert made.customer.contact("phone").replace(" ", "").endswith("13900010001")
    assert made.severity == 3
    assert Event.objects.filter(complaint=made, what=What.CHATTED).exists()
    again = signed_in(li).post(f"/chats/{talk.pk}/ending/", posted, headers=HTMX)
    assert again.status_code == 409
    assert Complaint.objects.count() == 1


def test_it_goes_into_an_existing_one_that_one_sees(
    talk, li, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    hidden = make_complaint(restricted=True)
    page = signed_in(li)
    for number in (hidden.number, "TS2026-999999", "'; DROP TABLE x", ""):
        posted = {"becomes": "existing", "other": number, "summary": "同一件事"}
        answer = page.post(f"/chats/{talk.pk}/ending/", posted, headers=HTMX)
        assert answer.status_code == 422, number
    talk.refresh_from_db()
    assert talk.state == ChatState.OPEN
    posted = {"becomes": "existing", "number": own.number, "summary": "同一件事"}
    assert page.post(f"/chats/{talk.pk}/ending/", posted).status_code == 204
    talk.refresh_from_db()
    assert (talk.complaint, talk.outcome) == (own, Outcome.EXISTING)
    assert own.messages.filter(text__contains="电饭煲不加热").exists()


def test_only_asked_needs_a_reason_and_makes_no_complaint(talk, li, signed_in):
    page, url = signed_in(li), f"/chats/{talk.pk}/ending/"
    asked_only = {"becomes": "asked", "summary": " "}
    assert page.post(url, asked_only, headers=HTMX).status_code == 422
    asked_only["summary"] = "只问保修期"
    assert page.post(url, asked_only).status_code == 204
    assert not Complaint.objects.exists()
    talk.refresh_from_db()
    assert (talk.state, talk.outcome, talk.summary) == (ChatState.ENDED, "none", "只问保修期")


def test_what_the_visitor_ended_waits_for_its_summary(talk, li, signed_in):
    answered(talk, li)
    actions.end_by_visitor(talk)
    page = signed_in(li)
    assert "待小结" in page.get("/chats/").content.decode()
    assert page.post(f"/chats/{talk.pk}/say/", {"text": "喂"}, headers=HTMX).status_code == 409
    posted = {"becomes": "asked", "summary": "问完就走了"}
    assert page.post(f"/chats/{talk.pk}/ending/", posted).status_code == 204
    assert not Chat.objects.unsummed().exists()


# --- talking -------------------------------------------------------------------------------------


def test_a_promise_without_a_date_is_stopped_and_may_be_waived(talk, li, signed_in):
    page, url, text = signed_in(li), f"/chats/{talk.pk}/say/", "我们会给您退款 200 元"
    refused = page.post(url, {"text": text}, headers=HTMX)
    assert refused.status_code == 422
    assert "建议改为" in refused.content.decode()
    assert not talk.lines.filter(kind=By.AGENT).exists()
    chips = page.post(f"/chats/{talk.pk}/promised/", {"text": text}).content.decode()
    assert "data-sentence" in chips
    sentence = chips.partition('data-sentence="')[2].partition('"')[0]
    assert page.post(url, {"text": text, "waived": [sentence]}).status_code == 204
    assert talk.lines.filter(kind=By.AGENT, text=text).exists()


def test_what_was_promised_in_a_chat_stands_in_the_ledger_of_its_complaint(talk, li):
    day = moment.now().astimezone(SHANGHAI) + timedelta(days=3)
    answered(talk, li, f"{day:%m}月{day:%d}日18:00前给您答复")
    answered(talk, li, "您好，请放心")
    made = summing.sum_up(talk, by=li, outcome=Outcome.COMPLAINT, summary="等答复")
    assert made is not None
    event = Event.objects.get(complaint=made, what=What.CHATTED)
    promises.enter_chat(event)
    promises.enter_chat(event)
    given = Promise.objects.get(complaint=made)
    assert (given.by, given.due_at.astimezone(SHANGHAI).day) == (li, day.day)
    assert "答复" in given.sentence


def test_who_does_not_serve_him_is_read_no_promises(talk, chen, sun, signed_in):
    url = f"/chats/{talk.pk}/promised/"
    assert signed_in(chen).post(url, {"text": "退款 20 元"}, headers=HTMX).status_code == 403
    assert signed_in(sun).post(url, {"text": "退款 20 元"}).status_code == 404


def test_the_same_answer_sent_twice_is_one_line(talk, li, signed_in):
    posted = {"text": "您好", "client": str(uuid.uuid4())}
    for _again in range(2):
        assert signed_in(li).post(f"/chats/{talk.pk}/say/", posted).status_code == 204
    assert talk.lines.filter(kind=By.AGENT).count() == 1


def test_files_go_and_pictures_may_be_shown(talk, li, luo, signed_in):
    page = signed_in(li)
    picture = SimpleUploadedFile("照片.png", PNG, "image/png")
    answer = page.post(f"/chats/{talk.pk}/say/", {"file": picture})
    assert answer.status_code == 204
    line = talk.lines.get(kind=By.AGENT)
    shown = page.get(f"/chats/files/{line.file.uuid}/?inline=1")
    assert shown["Content-Type"] == "image/png"
    assert "attachment" not in shown["Content-Disposition"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in page.get(f"/chats/files/{line.file.uuid}/")["Content-Disposition"]
    assert signed_in(luo).get(f"/chats/files/{line.file.uuid}/").status_code == 404


def test_what_is_no_picture_is_never_shown_inline(talk, li, signed_in):
    upload = SimpleUploadedFile("表.txt", b"<script>alert(1)</script>", "text/html")
    kept = actions.put_file(talk, upload=upload, client=uuid.uuid4(), by=li)
    actions.answer(talk, by=li, client=uuid.uuid4(), file=kept)
    answer = signed_in(li).get(f"/chats/files/{kept.uuid}/?inline=1")
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]


def test_hostile_words_are_words_and_links_are_safe(talk, li, signed_in):
    text = '<img src=x onerror=alert(1)> https://evil.example/a?b="><script> javascript:alert(1)'
    actions.say(talk, text=text, client=uuid.uuid4())
    page = signed_in(li).get(f"/chats/{talk.pk}/", headers=HTMX).content.decode()
    assert "<img src=x" not in page
    assert "<script>" not in page
    assert 'href="javascript' not in page
    assert 'href="https://evil.example/a?b=" target="_blank" rel="noopener noreferrer' in page


def test_reading_is_marked_never_backwards(talk, li, signed_in):
    line = talk.lines.filter(kind=By.VISITOR).get()
    page = signed_in(li)
    assert page.post(f"/chats/{talk.pk}/reading/", {"line": line.pk}).status_code == 204
    page.post(f"/chats/{talk.pk}/reading/", {"line": "1"})
    page.post(f"/chats/{talk.pk}/reading/", {"line": "x"})
    talk.refresh_from_db()
    assert talk.agent_seen == line.pk
    assert page.post(f"/chats/{talk.pk}/typing/").status_code == 204


def test_canned_replies_are_found_by_a_slash(talk, li, sun, signed_in):
    Phrase.objects.create(title="安抚", text_zh="很抱歉给您添了麻烦，{organisation}马上处理")
    Phrase.objects.create(title="道别", text_zh="祝您生活愉快")
    page = signed_in(li)
    some = page.get(f"/chats/{talk.pk}/phrases/?q=抱歉").content.decode()
    assert "很抱歉给您添了麻烦" in some
    assert "{organisation}" not in some
    assert "祝您生活愉快" not in some
    assert "没有找到" in page.get(f"/chats/{talk.pk}/phrases/?q=无此语").content.decode()
    assert signed_in(sun).get(f"/chats/{talk.pk}/phrases/").status_code == 404


# --- what is new, what stands beside --------------------------------------------------------------


def test_the_pulse_tells_only_what_is_new(talk, li, signed_in):
    page = signed_in(li)
    first = page.get(f"/chats/pulse/?chat={talk.pk}&after=0").json()
    assert "电饭煲不加热" in first["chat"]["lines"]
    version = first["list"].partition('data-version="')[2].partition('"')[0]
    url = f"/chats/pulse/?chat={talk.pk}&after={first['chat']['last']}&list={version}"
    same = page.get(url).json()
    assert "list" not in same
    assert same["chat"]["lines"] == ""
    actions.say(talk, text="还在吗", client=uuid.uuid4())
    news = page.get(url).json()
    assert "还在吗" in news["list"]
    assert "还在吗" in news["chat"]["lines"]
    assert "电饭煲不加热" not in news["chat"]["lines"]


def test_every_page_counts_who_asks_for_one(visit, talk, li, luo, sun, signed_in):
    assert (lists.asking(li), lists.asking(luo), lists.asking(sun)) == (1, 0, 0)
    visit("第二位")
    assert (lists.asking(li), lists.asking(luo), lists.asking(sun)) == (2, 1, 0)
    actions.seen(talk, line=talk.lines.last().pk, by=li)
    assert lists.asking(li) == 1
    assert signed_in(li).get("/queue/counts/").json()["chats"] == "1"


def test_a_pulse_of_hostile_numbers_is_calm(talk, li, sun, signed_in):
    page = signed_in(li)
    for query in ("chat=x&after=y", f"chat={'9' * 40}", "chat=-1&list=x", "after=1e9"):
        assert page.get(f"/chats/pulse/?{query}").status_code == 200
    hidden = signed_in(sun).get(f"/chats/pulse/?chat={talk.pk}").json()
    assert hidden["chat"] == {"state": "gone", "holder": ""}


def test_who_he_is_is_masked_until_somebody_gives_a_reason(talk, li, wang_fang, signed_in):
    Chat.objects.filter(pk=talk.pk).update(
        phone="138 0013 8000",
        customer=wang_fang,
        name="王芳",
        before={"电话": "138 0013 8000", "称呼": "王芳", "门店": "城西店"},
    )
    page = signed_in(li)
    beside = page.get(f"/chats/{talk.pk}/context/").content.decode()
    assert "8000" in beside
    assert "0013" not in beside
    assert "王芳" not in beside
    assert "城西店" in beside
    short = page.post(f"/chats/{talk.pk}/contact/", {"reason": "看"}, headers=HTMX)
    assert short.status_code == 422
    shown = page.post(f"/chats/{talk.pk}/contact/", {"reason": "回电核实情况"})
    assert "138 0013 8000" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Reveal.objects.get().reason == "回电核实情况"
    assert talk.lines.filter(kind=By.WHISPER, text__contains="回电核实").exists()


def test_his_complaints_stand_beside_only_as_far_as_one_sees_them(
    talk, li, wang_fang, make_complaint, after_sales, signed_in
):
    own = make_complaint(team=after_sales, assignee=li)
    hidden = make_complaint(restricted=True)
    Chat.objects.filter(pk=talk.pk).update(customer=wang_fang)
    beside = signed_in(li).get(f"/chats/{talk.pk}/context/").content.decode()
    assert own.number in beside
    assert hidden.number not in beside


# --- all chats ------------------------------------------------------------------------------------


def test_all_chats_are_found_and_narrowed(visit, talk, li, chen, sun, signed_in):
    answered(talk, li, "已经安排师傅上门")
    summing.sum_up(talk, by=li, outcome=Outcome.NONE, summary="约了上门")
    actions.rate(talk, stars=4)
    other = visit("热水器漏水")
    page = signed_in(chen)

    def found(query: str) -> set[int]:
        text = page.get(f"/chats/all/?{query}").content.decode()
        return {pk for pk in (talk.pk, other.pk) if f"?chat={pk}" in text}

    assert found("") == {talk.pk, other.pk}
    assert found("q=师傅上门") == {talk.pk}
    assert found("q=漏水") == {other.pk}
    assert found("state=ended") == {talk.pk}
    assert found("state=waiting") == {other.pk}
    assert found(f"agent={li.pk}") == {talk.pk}
    assert found("rating=4") == {talk.pk}
    assert found("outcome=complaint") == set()
    assert found("since=2020-01-01&until=2020-01-02") == set()
    assert found("since=2020-02-31&rating=9&site=x&state=none") == {talk.pk, other.pk}
    assert "没有符合条件" in page.get("/chats/all/?q=无此事").content.decode()
    assert "?chat=" not in signed_in(sun).get("/chats/all/").content.decode()


def test_the_list_goes_on_by_key(visit, chen, signed_in):
    for n in range(53):
        visit(f"第{n}位")
    page = signed_in(chen)
    first = page.get("/chats/all/").content.decode()
    assert first.count("chatrow card") == 50
    before = first.partition("before=")[2].partition('"')[0]
    rest = page.get(f"/chats/all/?before={before}", headers=HTMX).content.decode()
    assert rest.count("chatrow card") == 3
    assert "<html" not in rest


def test_questions_do_not_grow_with_the_chats(
    visit, li, luo, signed_in, django_assert_max_num_queries
):
    page = signed_in(li)
    for n in range(12):
        chat = visit(f"第{n}位")
        if n % 2:
            Seat.objects.update_or_create(user=li, defaults={"most": 30})
            actions.accept(chat, by=li)
    with django_assert_max_num_queries(24):
        page.get("/chats/")
    with django_assert_max_num_queries(14):
        page.get(f"/chats/pulse/?chat={chat.pk}&after=0")
    with django_assert_max_num_queries(20):
        page.get("/chats/all/")


# --- programs ------------------------------------------------------------------------------------


def test_a_program_does_all_of_it(visit, li, luo, chen, api):
    def call(user, method, path, body=None):
        sent = getattr(api(user), method)
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return sent(f"/api/v1/chats{path}", **more)

    assert call(li, "put", "/seat", {"ready": False, "most": 4}).json() == {
        "ready": False,
        "most": 4,
    }
    assert call(li, "get", "/seat").json()["most"] == 4
    chat = visit("电饭煲不加热")
    assert [c["id"] for c in call(li, "get", "?view=waiting").json()["items"]] == [chat.pk]
    taken = call(li, "post", "/next").json()
    assert (taken["id"], taken["agent"]) == (chat.pk, "li")
    one = f"/{chat.pk}"
    assert call(luo, "get", one).status_code == 404
    said = call(li, "post", f"{one}/lines", {"text": "您好"})
    assert (said.status_code, said.json()["kind"]) == (201, "agent")
    stopped = call(li, "post", f"{one}/lines", {"text": "我们会给您退款 200 元"})
    assert stopped.status_code == 422
    picture = SimpleUploadedFile("a.png", PNG, "image/png")
    sent = api(li).post(f"/api/v1/chats{one}/files", {"file": picture})
    assert sent.json()["file"] == "a.png"
    assert call(chen, "post", f"{one}/whispers", {"text": "快点"}).status_code == 201
    assert call(luo, "post", f"{one}/whispers", {"text": "快点"}).status_code == 404
    assert call(li, "post", f"{one}/typing", {}).status_code == 204
    assert call(li, "post", f"{one}/reading", {"line": 1}).status_code == 204
    kinds = [line["kind"] for line in call(li, "get", f"{one}/lines").json()]
    assert kinds == ["visitor", "system", "agent", "agent", "whisper"]
    handed = call(li, "post", f"{one}/transfer", {"person": "luo", "note": "请接着"})
    assert handed.status_code == 204
    assert call(chen, "post", f"{one}/takeover").json()["agent"] == "chen"
    assert call(chen, "get", f"{one}/proposal").status_code == 200
    reason = {"reason": "回电核实情况"}
    assert call(chen, "post", f"{one}/contact", reason).json()["phone"] == ""
    ended = call(chen, "post", f"{one}/end", {"outcome": "complaint", "summary": "不加热"})
    assert ended.status_code == 200, ended.content.decode()
    assert ended.json()["complaint"] == Complaint.objects.get().number
    Complaint.objects.update(team=chen.teams.first())
    assert call(chen, "get", "?q=不加热").json()["items"][0]["state"] == "ended"
    assert call(chen, "get", "/today").json()["chats"] == 1


def test_a_visitor_of_the_desk_is_not_let_in(talk):
    stranger = Client()
    for path in ("/chats/", f"/chats/{talk.pk}/", "/chats/pulse/", "/chats/all/"):
        assert stranger.get(path).status_code == 302
    assert stranger.get("/api/v1/chats").status_code == 401


def test_a_chat_of_a_foreign_origin_is_none(shop):
    with pytest.raises(NotPermitted):
        actions.begin(shop, token=new_token(), asked=asked(origin=ORIGIN + ".evil"))


def test_a_call_that_he_asked_for_waits_in_the_queue_with_its_time(talk, li, signed_in):
    at = (timezone.localtime(moment.now()) + timedelta(days=1)).replace(hour=10, minute=0, second=0)
    url = f"/chats/{talk.pk}/ending/"
    typed = {"becomes": "asked", "summary": "约了回电", "call_at": f"{at:%Y-%m-%dT%H:%M}"}
    refused = signed_in(li).post(url, typed, headers={"HX-Request": "true"})
    assert refused.status_code == 422 and "约了回电就要登记" in refused.content.decode()
    late = {**typed, "becomes": "new", "call_at": f"{at:%Y-%m-%dT}23:30"}
    assert signed_in(li).post(url, late, headers={"HX-Request": "true"}).status_code == 422
    talk.refresh_from_db()
    assert talk.outcome == "" and not Callback.objects.exists()  # nothing of it was done
    done = signed_in(li).post(url, {**typed, "becomes": "new"}, headers={"HX-Request": "true"})
    assert done.status_code == 204, done.content.decode()
    call = Callback.objects.get()
    assert (call.kind, call.appointment_at, call.source) == (
        "asked",
        at.replace(microsecond=0),
        f"chat:{talk.pk}",
    )
    talk.refresh_from_db()
    assert call.complaint == talk.complaint
