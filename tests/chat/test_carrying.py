"""Answers into the chat that goes on, mail to whoever has gone, the page of the transcript."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.chat import actions, carrier
from huiyin.journey.channels.chat.models import Chat, SiteField
from huiyin.journey.channels.chat.words import By, Outcome
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import way_of
from huiyin.journey.conversation.words import LetterState

pytestmark = pytest.mark.django_db


def test_a_reply_by_chat_goes_into_the_chat_that_goes_on(talk, li, make_complaint, after_sales):
    old = make_complaint(team=after_sales, assignee=li, status="HND")
    assert way_of(old, "chat").closed
    with pytest.raises(Refused, match="没有进行中的在线会话"):
        conversation.reply(old, by=li, text="您好", channel="chat")
    actions.attach_to(talk, by=li, complaint=old)
    conversation.reply(old, by=li, text="已为您查到", channel="chat")
    conversation.send_due_letters()
    assert talk.lines.filter(kind=By.AGENT).get().text == "已为您查到"
    letter = Letter.objects.get(channel="chat")
    assert letter.state == LetterState.SENT
    carrier.post(letter, letter.body)  # carried twice, said once
    assert talk.lines.filter(kind=By.AGENT).count() == 1


def test_a_reply_to_a_chat_that_has_ended_meanwhile_is_told_to_its_writer(
    talk, li, make_complaint, after_sales
):
    old = make_complaint(team=after_sales, assignee=li, status="HND")
    actions.attach_to(talk, by=li, complaint=old)
    conversation.reply(old, by=li, text="已为您查到", channel="chat")
    actions.end(talk, by=li, outcome=Outcome.EXISTING, summary="查进度")
    conversation.send_due_letters()
    letter = Letter.objects.get(channel="chat")
    assert (letter.state, "会话已结束" in letter.error) == (LetterState.FAILED, True)


@pytest.fixture
def gone(shop, visit, li):
    """王芳 left her address, was answered, and has closed the page three minutes ago."""
    SiteField.objects.create(site=shop, ask="email")
    chat = visit(email="wf@example.com")
    actions.accept(chat, by=li)
    actions.answer(chat, by=li, text="请您明天来取", client=uuid.uuid4())
    return chat


def later(minutes: float):
    return moment.at(moment.now() + timedelta(minutes=minutes))


def test_whoever_has_gone_gets_the_answer_by_mail_once(gone, li):
    with later(1):
        assert actions.mail_unseen() == 0  # the page was heard of a minute ago
    with later(3):
        assert actions.mail_unseen() == 1
        assert actions.mail_unseen() == 0
    letter = Letter.objects.get()
    assert (letter.recipient, letter.channel) == ("wf@example.com", "email")
    assert "请您明天来取" in letter.body
    with later(4):
        actions.answer(gone, by=li, text="带上发票", client=uuid.uuid4())
    with later(5):
        assert actions.mail_unseen() == 1
    assert "请您明天来取" not in Letter.objects.latest("pk").body


def test_whoever_has_read_it_gets_no_mail(gone):
    actions.seen(gone, line=10**9)
    with later(3):
        assert actions.mail_unseen() == 0


def test_what_he_did_not_read_belongs_to_the_complaint_that_it_became(gone, li):
    made = actions.end(gone, by=li, outcome=Outcome.COMPLAINT, summary="取件")
    with later(3):
        actions.mail_unseen()
    assert Letter.objects.get(purpose="chat").complaint == made


def test_the_transcript_is_for_whoever_sees_the_chat(talk, li, chen, sun, signed_in):
    actions.whisper(talk, by=chen, text="先安抚", client=uuid.uuid4())
    url = f"/chats/{talk.uid}/transcript/"
    page = signed_in(li).get(url).content.decode()
    assert "先安抚" in page and "电饭煲不加热" in page
    assert signed_in(sun).get(url).status_code == 404
    assert signed_in(chen).get(url).status_code == 200


def test_once_it_is_a_complaint_its_readers_read_it(talk, li, zhou, signed_in):
    url = f"/chats/{talk.uid}/transcript/"
    assert signed_in(zhou).get(url).status_code == 404
    made = actions.end(talk, by=li, outcome=Outcome.COMPLAINT, summary="要求换货")
    assert made is not None
    assert signed_in(zhou).get(url).status_code == 200
    assert made is not None
    page = signed_in(zhou).get(f"/complaints/{made.number}/").content.decode()
    assert "要求换货" in page
    assert Chat.objects.get().complaint == made


def test_the_transcript_shows_contact_points_behind_the_mask(talk, li, signed_in):
    talk.name, talk.phone = "赵小敏", "13912345678"
    talk.before = {"怎么称呼您": talk.name, "手机": talk.phone, "订单号": "YD1"}
    talk.save()
    page = signed_in(li).get(f"/chats/{talk.uid}/transcript/").content.decode()
    assert "YD1" in page and "139****5678" in page
    assert "13912345678" not in page and "赵小敏" not in page
