"""A visitor who closed the page answers our mail: the chat goes on, or what it has become."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.chat import actions
from huiyin.journey.channels.chat.actions import mail_unseen
from huiyin.journey.channels.chat.models import Chat, SiteField
from huiyin.journey.channels.chat.words import Outcome
from huiyin.journey.channels.mail.actions import arrive_due, composing, keep
from huiyin.journey.channels.mail.actions.composing import composed
from huiyin.journey.channels.mail.actions.keys import thread_key
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.rules.tokens import token
from huiyin.journey.channels.mail.words import MailState, Source
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter
from tests.mail import letters
from tests.together import at_once

pytestmark = pytest.mark.django_db

WHO = "wf@example.com"


@pytest.fixture
def box(db):
    return Mailbox.objects.create(
        address="service@example.com", name="客服", imap_host="127.0.0.1", is_default=True
    )


def later(minutes: float):
    return moment.at(moment.now() + timedelta(minutes=minutes))


@pytest.fixture
def gone(shop, visit, li, box):
    """He left his address, was answered, closed the page, and has our mail."""
    SiteField.objects.create(site=shop, ask="email")
    chat = visit(email=WHO)
    actions.accept(chat, by=li)
    actions.answer(chat, by=li, text="请您明天来取", client=uuid.uuid4())
    with later(3):
        assert mail_unseen() == 1
    chat.refresh_from_db()
    return chat


def answered(letter: Letter, text="好的，几点？", *, sender=WHO, raw=None, mark="", **headers):
    """Keeps his answer to it, lets it arrive, and gives it as it is then."""
    mark = mark or token(letter.pk, letter.recipient, thread_key())
    headers.setdefault("Message_ID", f"<{uuid.uuid4()}@example.com>")
    told = {"From": f"王芳 <{sender}>", "In_Reply_To": f"<{mark}@example.com>", **headers}
    made = raw(**told) if raw else letters.mail(text, **told)
    kept = keep(made, source=Source.IMAP, mailbox=Mailbox.objects.get())
    assert kept is not None
    arrive_due()
    kept.refresh_from_db()
    return kept


def said(chat: Chat, kind="visitor") -> list[str]:
    return list(chat.lines.filter(kind=kind).order_by("pk").values_list("text", flat=True))


def test_his_answer_is_a_line_of_the_chat_that_goes_on(
    gone, li, django_capture_on_commit_callbacks
):
    before = gone.visitor_here_at
    with django_capture_on_commit_callbacks() as told:
        mail = answered(Letter.objects.get(purpose="chat"))
    assert said(gone)[-1] == "好的，几点？"
    assert not Complaint.objects.exists()
    assert (mail.state, mail.complaint) == (MailState.HANDLED, None)
    assert "进入这次会话" in mail.reason
    gone.refresh_from_db()
    assert gone.last_line > gone.agent_seen  # unread at the desk
    assert gone.visitor_seen >= gone.mailed_line > 0  # and he has read us
    assert gone.visitor_here_at == before  # his page has not been heard of
    assert told  # the desk hears of it at once
    whispers = said(gone, "whisper")
    assert len(whispers) == 1 and "改用邮箱" in whispers[0] and WHO not in whispers[0]
    # what is said to him now goes by mail again; what he wrote himself does not
    with later(4):
        actions.answer(gone, by=li, text="九点以后", client=uuid.uuid4())
    with later(5):
        assert mail_unseen() == 1
    second = Letter.objects.filter(purpose="chat").latest("pk")
    assert "九点以后" in second.body and "明天来取" not in second.body
    answered(second, "谢谢")
    assert said(gone)[-1] == "谢谢" and len(said(gone, "whisper")) == 1
    made = actions.end(gone, by=li, outcome=Outcome.COMPLAINT, summary="取件")
    assert made is not None and Complaint.objects.count() == 1
    assert "好的，几点？" in made.text and "谢谢" in made.text


def test_what_he_wrote_alone_sends_no_mail(gone):
    answered(Letter.objects.get(purpose="chat"))
    with later(9):
        assert mail_unseen() == 0
    assert Letter.objects.filter(purpose="chat").count() == 1


def test_his_files_come_too_and_those_that_cannot_are_named(gone):
    letter = Letter.objects.get(purpose="chat")
    answered(letter, raw=letters.with_file)
    assert [one.name for one in gone.files.all()] == ["发票.pdf"]
    assert gone.lines.filter(kind="visitor", file__name="发票.pdf").exists()
    bad = partial(letters.with_file, name="坏.exe", data=b"MZ", kind="application/octet-stream")
    answered(letter, raw=bad)
    assert gone.files.count() == 1
    assert "坏.exe" in said(gone, "whisper")[-1]


def test_long_words_are_several_lines_and_none_is_lost(gone):
    text = "".join(f"第{n}句话，" for n in range(1500))
    answered(Letter.objects.get(purpose="chat"), text)
    mine = said(gone)[1:]
    assert len(mine) == 3 and max(map(len, mine)) <= 4000
    assert "".join("".join(mine).split()) == text


def test_the_same_mail_twice_is_said_once(gone):
    letter = Letter.objects.get(purpose="chat")
    answered(letter, Message_ID="<same@example.com>")
    answered(letter, Message_ID="<same@example.com>")
    assert said(gone).count("好的，几点？") == 1
    Mail.objects.filter(outcome="threaded").update(
        state=MailState.KEPT, next_try_at=moment.now(), tries=0, fingerprint=None
    )
    arrive_due()  # the worker died after it had said it
    assert said(gone).count("好的，几点？") == 1


def test_nobody_else_gets_into_the_chat(gone):
    letter = Letter.objects.get(purpose="chat")
    wrong = f"hy.{letter.pk}.{'a' * 52}"
    for how in ({"sender": "other@example.net"}, {"mark": wrong}):
        mail = answered(letter, "让我看看", **how)
        assert mail.outcome == "new"
    assert said(gone) == ["电饭煲不加热"]
    gone.refresh_from_db()
    assert gone.complaint is None


def test_an_automatic_answer_is_none_of_his(gone):
    letter = Letter.objects.get(purpose="chat")
    mail = answered(letter, "我在休假", Auto_Submitted="auto-replied")
    assert mail.outcome == "noted"
    assert said(gone) == ["电饭煲不加热"]


def test_after_the_end_it_goes_into_the_complaint_that_the_chat_became(gone, li):
    made = actions.end(gone, by=li, outcome=Outcome.COMPLAINT, summary="取件")
    mail = answered(Letter.objects.get(purpose="chat"), "还是坏的")
    assert made is not None
    assert (mail.outcome, mail.complaint) == ("threaded", made)
    assert Complaint.objects.count() == 1
    assert made.messages.filter(kind="inbound", text="还是坏的").exists()


def test_a_question_only_becomes_a_complaint_that_has_the_chat(gone, li):
    actions.end(gone, by=li, outcome=Outcome.NONE, summary="只问取件时间")
    mail = answered(Letter.objects.get(purpose="chat"), "去了没人，我要投诉")
    gone.refresh_from_db()
    assert mail.outcome == "new"
    assert gone.complaint == mail.complaint and gone.outcome == Outcome.COMPLAINT
    assert mail.complaint.evidence.filter(kind="chat").exists()
    answered(Letter.objects.get(purpose="chat"), "请尽快")
    assert Complaint.objects.count() == 1  # the second answer goes there


def test_what_is_not_summed_up_yet_is_on_record_in_the_complaint_of_his_mail(gone, li):
    actions.end_by_visitor(gone)
    mail = answered(Letter.objects.get(purpose="chat"), "去了没人，我要投诉")
    gone.refresh_from_db()
    assert gone.complaint == mail.complaint and gone.outcome == Outcome.COMPLAINT
    assert mail.complaint.evidence.filter(kind="chat").exists()
    with pytest.raises(Refused, match="已经写过小结"):
        actions.end(gone, by=li, outcome=Outcome.COMPLAINT, summary="取件")
    assert Complaint.objects.count() == 1


def test_an_answer_to_the_copy_finds_the_way_too(gone):
    actions.send_copy(gone)
    answered(Letter.objects.get(purpose="chat_copy"), "收到，谢谢")
    assert said(gone)[-1] == "收到，谢谢"


@pytest.mark.django_db(transaction=True)
def test_answered_and_ended_at_once_nothing_is_lost(gone, li):
    letter = Letter.objects.get(purpose="chat")

    def end():
        return actions.end(gone, by=li, outcome=Outcome.COMPLAINT, summary="取件")

    at_once(end, lambda: answered(letter, "别结束"))
    made = Complaint.objects.get()
    words = "\n".join(made.messages.values_list("text", flat=True))
    assert words.count("别结束") == 1


def test_the_mail_is_no_automatic_one_and_says_that_he_can_answer(gone, box):
    letter = Letter.objects.get(purpose="chat")
    mail = composed(letter, letter.body, box).message()
    assert "Auto-Submitted" not in mail
    assert "直接回复" in composed(letter, letter.body, box).body
    assert "直接回复" not in composed(letter, letter.body, None).body  # nobody would take it in
    Chat.objects.update(language="en")
    assert composing._language(letter) == "en"
    actions.send_copy(gone)
    copy = Letter.objects.get(purpose="chat_copy")
    assert composed(copy, copy.body, box).message()["Auto-Submitted"] == "auto-generated"
