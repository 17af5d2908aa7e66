"""What is said in a chat: once, in order, by whom may."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions.distributing import put_back
from huiyin.journey.channels.chat.models import Chat, Line, SiteField
from huiyin.journey.channels.chat.words import AlarmKind, By, ChatState, Ender, Outcome
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from tests.chat.conftest import asked, new_token
from tests.conftest import person, team
from tests.together import at_once

pytestmark = pytest.mark.django_db
CLOSED = "huiyin.journey.channels.chat.actions.beginning.is_open"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def said(chat: Chat) -> list[tuple[str, str]]:
    return list(chat.lines.values_list("kind", "text"))


def test_a_visitor_waits_and_his_first_words_are_there(visit):
    chat = visit("不加热")
    assert chat.state == ChatState.WAITING
    assert said(chat) == [(By.VISITOR, "不加热")]
    assert (chat.first_due_at - chat.asked_at).total_seconds() == 60
    assert actions.ahead_of(chat) == 0
    assert actions.ahead_of(visit("我也是")) == 1


def test_the_same_token_again_is_the_same_chat(shop):
    token, client = new_token(), uuid.uuid4()
    first = actions.begin(shop, token=token, asked=asked(text="一", client=client))
    second = actions.begin(shop, token=token, asked=asked(text="一", client=client))
    assert (first.was_there, second.was_there) == (False, True)
    assert first.chat == second.chat
    assert said(first.chat) == [(By.VISITOR, "一")]


@pytest.mark.parametrize("origin", ["", "https://evil.example", "https://shop.example.com.evil.cn"])
def test_a_foreign_page_begins_nothing(shop, origin):
    with pytest.raises(NotPermitted):
        actions.begin(shop, token=new_token(), asked=asked(origin=origin))
    assert not Chat.objects.exists()


def test_nothing_is_taken_before_the_notice_is_accepted(shop):
    with pytest.raises(Invalid, match="隐私"):
        actions.begin(shop, token=new_token(), asked=asked(privacy_version=""))
    assert not Chat.objects.exists()


def test_what_the_form_asks_is_asked_of_everybody(shop):
    SiteField.objects.create(site=shop, ask="name", required=True, place=1)
    SiteField.objects.create(site=shop, ask="phone", place=2)
    with pytest.raises(Invalid) as refused:
        actions.begin(shop, token=new_token(), asked=asked(answers={"phone": "12"}))
    assert set(refused.value.fields) == {"name", "phone"}
    answers = {"name": "王芳\u202e\n", "phone": "138 0013 8000", "email": "not@asked.cn"}
    chat = actions.begin(shop, token=new_token(), asked=asked(answers=answers)).chat
    assert (chat.name, chat.phone, chat.email) == ("王芳", "138 0013 8000", "")


def test_outside_hours_nobody_waits_but_a_message_is_a_complaint(shop):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CLOSED, lambda site, now=None: False)
        with pytest.raises(Refused, match="留言"):
            actions.begin(shop, token=new_token(), asked=asked(text="在吗"))
        token = new_token()
        first = actions.leave_message(shop, token=token, asked=asked(text="电饭煲不加热"))
        again = actions.leave_message(shop, token=token, asked=asked(text="电饭煲不加热"))
    assert first == again
    assert (first.channel, first.text) == ("chat", "电饭煲不加热")
    assert first.intake.via == "chat"


def test_lines_go_both_ways_and_a_resend_is_one_line(talk, li):
    client = uuid.uuid4()
    first = actions.answer(talk, by=li, text="您好", client=client)
    again = actions.answer(talk, by=li, text="您好", client=client)
    assert first == again
    actions.say(talk, text="多久能修好？", client=uuid.uuid4())
    talk.refresh_from_db()
    assert talk.answered_at == first.at
    assert said(talk)[-2:] == [(By.AGENT, "您好"), (By.VISITOR, "多久能修好？")]


def test_lines_stay_as_they_were_said(talk):
    line = talk.lines.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(text="没说过")
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_at_once_one_has_the_visitor(visit, li, after_sales):
    wu = person("wu", "吴刚", Role.AGENT, teams=[after_sales])
    chat = visit()
    answers = at_once(
        lambda: actions.accept(Chat.objects.get(pk=chat.pk), by=li),
        lambda: actions.accept(Chat.objects.get(pk=chat.pk), by=wu),
    )
    refused = [str(one) for one in answers if isinstance(one, Refused)]
    assert len(refused) == 1
    chat.refresh_from_db()
    assert f"{chat.agent.name} 已经接待了这位访客" in refused[0]
    assert chat.lines.filter(kind=By.SYSTEM).count() == 1


def test_nobody_takes_more_than_his_seat_has_room_for(visit, li):
    for _ in range(5):
        actions.accept(visit(), by=li)
    with pytest.raises(Refused, match="5"):
        actions.accept(visit(), by=li)


def test_only_who_serves_him_answers(talk, sun, chen):
    for stranger in (sun, chen):
        with pytest.raises(NotPermitted):
            actions.answer(talk, by=stranger, text="x", client=uuid.uuid4())
    with pytest.raises(NotPermitted):
        actions.whisper(talk, by=sun, text="x", client=uuid.uuid4())
    actions.whisper(talk, by=chen, text="先安抚", client=uuid.uuid4())
    assert By.WHISPER not in set(talk.lines.for_visitor().values_list("kind", flat=True))


def test_who_sees_which_chat(visit, li, sun, chen, manager, admin, after_sales):
    wu = person("wu", "吴刚", Role.AGENT, teams=[after_sales])
    chat = visit()
    see = [u for u in (li, wu, sun, chen, manager, admin) if Chat.objects.visible_to(u).exists()]
    assert see == [li, wu, chen, manager]
    actions.accept(chat, by=li)
    see = [u for u in (li, wu, sun, chen, manager, admin) if Chat.objects.visible_to(u).exists()]
    assert see == [li, chen, manager]


def test_handed_over_to_a_colleague_with_a_note(talk, li, after_sales):
    wu = person("wu", "吴刚", Role.AGENT, teams=[after_sales])
    with pytest.raises(Invalid):
        actions.hand_over(talk, by=li, person=wu, note="")
    actions.hand_over(talk, by=li, person=wu, note="要退款，订单查过了")
    assert talk.agent == wu
    assert said(talk)[-2][1] == "要退款，订单查过了"
    assert "吴刚" in said(talk)[-1][1]
    with pytest.raises(NotPermitted):
        actions.answer(talk, by=li, text="x", client=uuid.uuid4())


def test_handed_over_to_a_team_it_waits_there_in_its_old_place(talk, visit, li, sun):
    there = team("logistics", "物流组")
    actions.hand_over(talk, by=li, team=there, note="是快递的事")
    assert (talk.state, talk.agent, talk.team) == (ChatState.WAITING, None, there)
    assert Chat.objects.waiting().visible_to(sun).get() == talk
    actions.accept(talk, by=sun)


def test_a_chat_becomes_a_complaint_with_its_transcript(talk, li, settings):
    actions.answer(talk, by=li, text="马上给您登记", client=uuid.uuid4())
    upload = SimpleUploadedFile("锅底.png", PNG)
    file = actions.put_file(talk, upload=upload, client=uuid.uuid4())
    actions.say(talk, file=file, client=uuid.uuid4())
    made = actions.end(talk, by=li, outcome=Outcome.COMPLAINT, summary="要求换货")
    assert made is not None
    assert (made.channel, made.text, made.received_by) == ("chat", "电饭煲不加热", li)
    assert made.intake.via == "chat"  # she typed nothing of whom he says he is
    kinds = dict(made.evidence.values_list("kind", "name"))
    assert kinds["photo"] == "锅底.png"
    told = (settings.EVIDENCE_DIR / made.evidence.get(kind="chat").path).read_text()
    assert "马上给您登记" in told and "锅底.png" in told
    event = Event.objects.get(complaint=made, what=What.CHATTED)
    assert event.facts["chat"] == str(talk.uid)
    talk.refresh_from_db()
    assert (talk.state, talk.ended_by, talk.complaint) == (ChatState.ENDED, Ender.AGENT, made)
    with pytest.raises(Refused):
        actions.end(talk, by=li, outcome=Outcome.NONE, summary="再来一次")


def test_a_chat_goes_into_an_existing_complaint(talk, li, make_complaint, after_sales):
    old = make_complaint(team=after_sales, assignee=li)
    actions.attach_to(talk, by=li, complaint=old)
    assert actions.end(talk, by=li, outcome=Outcome.COMPLAINT, summary="催进度") == old
    assert old.messages.get().text == "电饭煲不加热"
    assert Complaint.objects.count() == 1


def test_nothing_goes_into_a_complaint_that_one_does_not_see(talk, li, make_complaint, logistics):
    strange = make_complaint(team=logistics)
    with pytest.raises(Invalid, match="没有找到"):
        actions.attach_to(talk, by=li, complaint=strange)
    with pytest.raises(Invalid, match="没有找到"):
        actions.end(talk, by=li, outcome=Outcome.EXISTING, summary="催进度", complaint=strange)


def test_whoever_tires_of_waiting_is_not_forgotten(visit, li):
    chat = visit("锅炸了")
    actions.end_by_visitor(chat)
    made = Complaint.objects.get()
    assert (made.text, chat.complaint, chat.ended_by) == ("锅炸了", made, Ender.MESSAGE)
    with pytest.raises(Refused):
        actions.accept(chat, by=li)
    silent = visit("")
    actions.end_by_visitor(silent)
    assert (silent.outcome, Complaint.objects.count()) == (Outcome.NONE, 1)


def test_who_was_given_somebody_and_got_no_answer_is_not_forgotten(talk, li):
    actions.end_by_visitor(talk)
    made = Complaint.objects.get()
    assert (made.text, talk.complaint, talk.ended_by) == ("电饭煲不加热", made, Ender.MESSAGE)
    assert (talk.outcome, talk.agent) == (Outcome.COMPLAINT, li)
    assert not Chat.objects.unsummed().exists()
    assert Event.objects.filter(complaint=made, what=What.CHATTED).count() == 1


def test_who_was_left_by_his_agent_again_and_tires_of_waiting_is_not_forgotten(talk, li):
    actions.answer(talk, by=li, text="请稍等", client=uuid.uuid4())
    put_back(talk, AlarmKind.OFFLINE)
    actions.end_by_visitor(talk)
    assert talk.complaint.text == "电饭煲不加热"


def test_who_only_sent_a_file_is_not_forgotten(visit):
    chat = visit("")
    photo = SimpleUploadedFile("燃气灶.png", PNG)
    file = actions.put_file(chat, upload=photo, client=uuid.uuid4())
    actions.say(chat, client=uuid.uuid4(), file=file)
    actions.end_by_time(chat)
    assert "只发了文件" in chat.complaint.text
    assert chat.complaint.evidence.filter(name__contains="燃气灶").exists()


def test_what_nobody_answered_goes_to_the_complaint_it_is_attached_to(
    talk, li, make_complaint, after_sales
):
    old = make_complaint(team=after_sales, assignee=li)
    actions.attach_to(talk, by=li, complaint=old)
    actions.end_by_visitor(talk)
    assert (talk.outcome, talk.complaint) == (Outcome.EXISTING, old)
    assert Complaint.objects.count() == 1


def test_an_ended_chat_waits_for_its_summary(talk, li):
    actions.answer(talk, by=li, text="请讲", client=uuid.uuid4())
    actions.end_by_visitor(talk)
    assert (talk.state, talk.outcome) == (ChatState.ENDED, "")
    assert Chat.objects.unsummed().get() == talk
    with pytest.raises(Refused):
        actions.say(talk, text="还在吗", client=uuid.uuid4())
    actions.end(talk, by=li, outcome=Outcome.NONE, summary="只是问营业时间")
    assert not Chat.objects.unsummed().exists()


def test_seen_never_goes_backwards(talk, li):
    first = actions.say(talk, text="一", client=uuid.uuid4())
    actions.say(talk, text="二", client=uuid.uuid4())
    assert actions.seen(talk, line=10**9, by=li)
    assert not actions.seen(talk, line=first.pk, by=li)
    talk.refresh_from_db()
    assert talk.agent_seen == talk.last_line
