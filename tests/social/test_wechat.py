"""WeChat Official Account: handshake, both modes, words and events, answers within their window."""

from __future__ import annotations

import base64
import os
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Arrival, Hook, Used
from huiyin.journey.channels.social.actions import fetch_due
from huiyin.journey.channels.social.models import Account, File
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import letters
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.ways import way_of
from huiyin.surface.demo.files import png
from tests.social.conftest import AES, APP, TOKEN, from_wechat, sent_out, take, words


def test_the_handshake_is_signed_and_answers_what_was_sent(wechat_hook):
    stamp = str(int(time.time()))
    signed = wechat.signature(TOKEN, stamp, "n")
    query = {"signature": signed, "timestamp": stamp, "nonce": "n", "echostr": "echo-1"}
    answer = Client().get("/hooks/in/wechat/", query)
    assert (answer.status_code, answer.content) == (200, b"echo-1")
    assert Client().get("/hooks/in/wechat/", query | {"nonce": "m"}).status_code == 403
    assert not Arrival.objects.exists()


def test_a_sealed_message_becomes_a_complaint_and_is_greeted_sealed(wechat_hook):
    answer = from_wechat(wechat_hook, words())
    found = wechat.fields(answer.content)
    inner = wechat.fields(wechat.opened(found["Encrypt"], AES, APP))
    assert inner["Content"] == "您好，已收到"
    assert inner["ToUserName"] == "o1"
    parts = (TOKEN, found["TimeStamp"], found["Nonce"], found["Encrypt"])
    assert wechat.is_signed(found["MsgSignature"], *parts)
    take()
    complaint = Complaint.objects.get()
    assert (complaint.channel, complaint.text) == ("social", words()["Content"])
    assert complaint.intake.via == "social"
    again = from_wechat(wechat_hook, words("还有", msg="1002"))
    assert again.content == b"success"  # greeted within the hour


def test_plain_mode_works_and_refuses_what_is_sealed(wechat_hook):
    wechat_hook.options["mode"] = "plain"
    wechat_hook.save()
    answer = from_wechat(wechat_hook, words(), plain=True)
    assert wechat.fields(answer.content)["Content"] == "您好，已收到"
    assert from_wechat(wechat_hook, words()).status_code == 403
    take()
    assert Complaint.objects.count() == 1


def test_what_is_not_sealed_for_us_is_not_opened(wechat_hook):
    assert from_wechat(wechat_hook, words(), plain=True).status_code == 403
    assert from_wechat(wechat_hook, words(), app="wx-other").status_code == 403
    assert from_wechat(wechat_hook, words(), msg_signature="0" * 40).status_code == 403
    assert from_wechat(wechat_hook, words(), signature="0" * 40).status_code == 403
    assert from_wechat(wechat_hook, words(), at=time.time() - 400).status_code == 403
    assert from_wechat(wechat_hook, words(), timestamp="x").status_code == 403
    assert not Arrival.objects.exists()


def test_the_same_message_sent_again_is_one(wechat_hook):
    for _time in range(3):
        assert from_wechat(wechat_hook, words()).status_code == 200
    take()
    assert Arrival.objects.count() == 1
    assert Complaint.objects.count() == 1
    event = words(MsgType="event", Event="subscribe", MsgId="")
    from_wechat(wechat_hook, event)
    from_wechat(wechat_hook, event)
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><MsgType>&a;</MsgType></xml>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>',
        b"<xml><a></xml>",
        b"",
        b"\x00\x01",
        b"<xml>" * 20_000,
        b"<xml><MsgType>text</MsgType><MsgId>1</MsgId>" + b" " * 65_536 + b"</xml>",
    ],
)
@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_hostile_xml_is_a_plain_no(wechat_hook, body, mode):
    wechat_hook.options["mode"] = mode
    wechat_hook.save()
    stamp = str(int(time.time()))
    query = {"timestamp": stamp, "nonce": "n", "signature": wechat.signature(TOKEN, stamp, "n")}
    answer = Client().post("/hooks/in/wechat/", body, content_type="text/xml", query_params=query)
    assert answer.status_code == 403
    assert not Arrival.objects.exists()


@pytest.fixture
def plainly(wechat_hook):
    wechat_hook.options["mode"] = "plain"
    wechat_hook.save()
    return wechat_hook


def test_in_plain_mode_a_signature_that_was_seen_opens_for_no_other_words(plainly):
    """It does not cover the body: whoever saw it could speak in the name of a customer."""
    real = words()
    stamp = int(time.time())
    assert from_wechat(plainly, real, plain=True, at=stamp).status_code == 200
    assert from_wechat(plainly, real, plain=True, at=stamp).status_code == 200  # tried again
    forged = words("把钱退到我的账户", msg="6666")
    assert from_wechat(plainly, forged, plain=True, at=stamp).status_code == 403
    take()
    assert Complaint.objects.count() == 1
    assert Message.objects.count() == 1


def test_in_plain_mode_the_signature_of_the_handshake_opens_for_no_words(plainly):
    stamp = str(int(time.time()))
    query = {"timestamp": stamp, "nonce": "n1", "signature": wechat.signature(TOKEN, stamp, "n1")}
    assert Client().get("/hooks/in/wechat/", query | {"echostr": "e"}).content == b"e"
    assert from_wechat(plainly, words(), plain=True, at=int(stamp)).status_code == 403


def test_used_signatures_are_forgotten_once_their_time_is_over(plainly):
    from_wechat(plainly, words(), plain=True)
    with moment.at(moment.now() + timedelta(minutes=20)):
        from_wechat(plainly, words(msg="1002"), plain=True)
    assert Used.objects.count() == 1


def test_plain_mode_is_called_weak_where_it_is_set_up(plainly):
    from huiyin.journey.channels.social.connectors import wechat as connector

    assert "明文模式：签名不保护内容" in connector.told(plainly, "")
    plainly.options["mode"] = "safe"
    assert "明文" not in connector.told(plainly, "")


def test_sealed_anew_it_is_the_same_message(wechat_hook):
    for _time in range(2):
        assert from_wechat(wechat_hook, words()).status_code == 200
    assert Arrival.objects.count() == 1


def test_sealing_and_opening_are_each_others_way_back():
    for size in (0, 1, 31, 32, 33, 5000):
        box = wechat.sealed(b"x" * size, AES, APP, random=os.urandom(16))
        assert wechat.opened(box, AES, APP) == b"x" * size
    box = wechat.sealed(b"hello", AES, APP, random=os.urandom(16))
    raw = bytearray(base64.b64decode(box))
    for place in (0, 16, len(raw) - 1):
        bent = bytearray(raw)
        bent[place] ^= 1
        if place:  # the first bytes are random ones anyhow
            with pytest.raises(wechat.Unreadable):
                wechat.opened(base64.b64encode(bytes(bent)).decode(), AES, APP)
    for bad in ("", "!!", "AAAA", box[:-4]):
        with pytest.raises(wechat.Unreadable):
            wechat.opened(bad, AES, APP)


def test_the_same_person_goes_on_and_another_opens_nothing(wechat_hook):
    from_wechat(wechat_hook, words("第一句", msg="1"))
    from_wechat(wechat_hook, words("第二句", msg="2"))
    from_wechat(wechat_hook, words("我是另一个人", author="o2", msg="3"))
    take()
    first, other = Complaint.objects.order_by("pk")
    assert list(first.messages.order_by("pk").values_list("text", flat=True)) == [
        "第一句",
        "第二句",
    ]
    assert first.customer_id != other.customer_id
    assert other.messages.count() == 1


def test_after_the_window_or_the_end_it_is_a_new_complaint_of_the_same_customer(wechat_hook):
    from_wechat(wechat_hook, words("旧事", msg="1"))
    take()
    later = moment.now() + timedelta(hours=60)
    with moment.at(later):
        new = words("新事", msg="2", CreateTime=str(int(later.timestamp())))
        from_wechat(wechat_hook, new)
        take()
        first, second = Complaint.objects.order_by("pk")
        assert first.customer_id == second.customer_id
        Complaint.objects.filter(pk=second.pk).update(status="CLO")
        third = words("再说", msg="3", CreateTime=str(int(later.timestamp()) + 1))
        from_wechat(wechat_hook, third)
        take()
    assert Complaint.objects.count() == 3
    assert Account.objects.count() == 1


def test_two_people_of_the_same_name_are_two(own_hook):
    from huiyin.journey.channels.social.actions import Said, hear

    one = hear(own_hook, Said("1", author="a", name="王芳", text="甲")).complaint
    other = hear(own_hook, Said("2", author="b", name="王芳", text="乙")).complaint
    assert one
    assert other
    assert one.customer_id != other.customer_id


def test_subscribing_and_leaving_are_noted_and_close_the_way(wechat_hook):
    from_wechat(wechat_hook, words())
    take()
    complaint = Complaint.objects.get()
    assert way_of(complaint, "social").is_carried
    from_wechat(wechat_hook, words(MsgType="event", Event="unsubscribe", MsgId=""))
    take()
    assert Account.objects.get().follows is False
    assert way_of(complaint, "social").closed == "已取消关注"
    assert Complaint.objects.count() == 1


def _answered(li, text="您好，我们在核实") -> Letter:
    complaint = Complaint.objects.latest("pk")
    message = conversation.reply(complaint, by=li, text=text, channel="social")
    sent_out()
    return Letter.objects.get(message=message)


def test_an_answer_goes_out_and_is_told_apart_from_others(wechat_hook, outside, li):
    from_wechat(wechat_hook, words())
    take()
    letter = _answered(li)
    assert letter.state == "sent"
    assert letter.outer_id.startswith(f"{wechat_hook.pk}:")
    assert outside.sent[0]["touser"] == "o1"
    assert outside.sent[0]["text"]["content"] == "您好，我们在核实"
    assert outside.tokens == 1
    _answered(li, "再说一句")
    assert outside.tokens == 1  # kept
    assert not any(outside.secret in path for path in outside.asked)


def test_a_token_that_ended_is_asked_for_anew_once(wechat_hook, outside, li):
    from_wechat(wechat_hook, words())
    take()
    _answered(li)
    outside.token = "token-2"
    assert _answered(li, "第二条").state == "sent"
    assert outside.tokens == 2
    outside.errors = [40001]
    assert _answered(li, "第三条").state == "sent"
    assert len(outside.sent) == 3


@pytest.mark.parametrize(
    ("code", "state", "sentence"),
    [
        (45015, "failed", "48 小时"),
        (45047, "failed", "5 条"),
        (48001, "failed", "权限"),
        (45009, "queued", "用完"),
        (99999, "queued", "99999"),
    ],
)
def test_errors_of_the_platform_are_sentences(
    wechat_hook, outside, li, code, state, sentence, django_capture_on_commit_callbacks
):
    from_wechat(wechat_hook, words())
    take()
    outside.errors = [code]
    with django_capture_on_commit_callbacks(execute=True):
        letter = _answered(li)
    assert letter.state == state
    assert sentence in letter.error
    wechat_hook.refresh_from_db()
    assert sentence in wechat_hook.left_error


def test_the_window_closes_after_48_hours_and_after_five_answers(wechat_hook, li):
    from_wechat(wechat_hook, words())
    take()
    complaint = Complaint.objects.get()
    way = way_of(complaint, "social")
    assert way.until is not None
    assert way.most == 600
    with moment.at(moment.now() + timedelta(hours=49)):
        closed = way_of(complaint, "social")
        assert closed.closed == "超过 48 小时"
        with pytest.raises(Refused, match="48 小时"):
            conversation.reply(complaint, by=li, text="晚了", channel="social")
    for number in range(5):
        _answered(li, f"第 {number} 条")
    assert way_of(complaint, "social").closed == "已发满 5 条"
    from_wechat(wechat_hook, words("我又说了", msg="9"))
    take()
    assert not way_of(complaint, "social").closed


def test_too_long_is_refused_before_it_is_sent(wechat_hook, li):
    from_wechat(wechat_hook, words())
    take()
    with pytest.raises(Refused, match="600"):
        conversation.reply(Complaint.objects.get(), by=li, text="长" * 601, channel="social")
    assert not Letter.objects.filter(purpose="reply").exists()


def test_emoji_count_as_the_platform_counts_them(wechat_hook, outside, li):
    """2,048 bytes: 512 of four."""
    from_wechat(wechat_hook, words())
    take()
    complaint = Complaint.objects.get()
    with pytest.raises(Refused, match="2052"):
        conversation.reply(complaint, by=li, text="😀" * 513, channel="social")
    assert not Letter.objects.filter(purpose="reply").exists()
    conversation.reply(complaint, by=li, text="😀" * 512, channel="social")
    conversation.reply(complaint, by=li, text="长" * 600, channel="social")
    sent_out()
    assert set(Letter.objects.filter(purpose="reply").values_list("state", flat=True)) == {"sent"}


def test_what_is_planned_beyond_the_window_is_refused_when_it_is_planned(wechat_hook, li):
    from_wechat(wechat_hook, words())
    take()
    complaint, now = Complaint.objects.get(), moment.now()
    way = way_of(complaint, "social")
    assert way.until is not None
    until = timezone.localtime(way.until).strftime("%m-%d %H:%M")
    assert way.allows.count(f"可回复到 {until}") == 1
    late, early = now + timedelta(days=5), now + timedelta(hours=40)
    plan = {"by": li, "text": "您好", "channel": "social", "planned": True}
    with pytest.raises(Refused, match=f"窗口到 {until} 关闭"):
        conversation.reply(complaint, **plan, leaves_at=late)
    assert not Letter.objects.filter(purpose="reply").exists()
    message = conversation.reply(complaint, **plan, leaves_at=early)
    with pytest.raises(Refused, match="请提前"):
        conversation.plan(message, by=li, at=late)
    assert Letter.objects.get(message=message).planned_at == early
    conversation.plan(message, by=li, at=now + timedelta(hours=20))


def test_the_program_is_told_the_same(wechat_hook, li, api):
    from_wechat(wechat_hook, words())
    take()
    Complaint.objects.update(assignee=li, status="HND")
    address = f"/api/v1/complaints/{Complaint.objects.get().number}/messages"
    told = {"kind": "outbound", "channel": "social"}
    late = (moment.now() + timedelta(days=5)).isoformat()
    for more in ({"text": "😀" * 590}, {"text": "您好", "planned_at": late}):
        answer = api(li).post(address, told | more, content_type="application/json")
        assert answer.status_code == 422, answer.content
    assert not Letter.objects.filter(purpose="reply").exists()


def test_a_picture_is_fetched_by_the_worker_and_kept_as_evidence(wechat_hook, outside):
    outside.files["m-1"] = ("image/png", png(3))
    from_wechat(wechat_hook, words("", MsgType="image", MediaId="m-1"))
    take()
    assert Message.objects.get().text == "[图片]"
    assert fetch_due() == 1
    file = File.objects.get()
    assert file.evidence
    assert (file.state, file.evidence.name) == ("kept", "图片.png")
    assert file.evidence.message == Message.objects.get()
    assert fetch_due() == 0


def test_a_file_that_cannot_be_had_is_tried_later_and_then_told(wechat_hook, outside):
    from_wechat(wechat_hook, words("", MsgType="voice", MediaId="gone"))
    take()
    now = moment.now()
    for minutes in (0, 2, 8, 24, 70, 200):
        with moment.at(now + timedelta(minutes=minutes)):
            fetch_due()
    file = File.objects.get()
    assert (file.state, file.tries) == ("failed", 5)
    assert file.error


def test_what_may_have_arrived_is_not_sent_twice_by_a_machine(wechat_hook, outside, li):
    from_wechat(wechat_hook, words())
    take()
    _answered(li)
    outside.fails = 100
    outside.chance.seed(1)
    letter = _answered(li, "也许到了")
    if len(outside.sent) == 2:  # done, and nobody heard of it
        assert letter.state == "failed"
        assert "可能已经发出" in letter.error
    else:
        assert letter.state == "queued"


def test_a_key_that_was_changed_leaves_what_was_kept_for_a_person(wechat_hook):
    from_wechat(wechat_hook, words())
    hook = Hook.objects.get(pk=wechat_hook.pk)
    other = base64.b64encode(bytes(32)).decode().rstrip("=")
    hook.keep_secrets(aes_key=other)
    hook.save()
    take()
    arrival = Arrival.objects.get()
    assert arrival.state == "failed"
    assert "EncodingAESKey" in arrival.error
    hook.keep_secrets(aes_key=AES)
    hook.save()
    hooks.again(arrival)
    take()
    assert Complaint.objects.count() == 1


def test_the_connection_is_really_tried(wechat_hook, outside, admin):
    assert hooks.tried(wechat_hook, by=admin)[0]
    outside.secret = "another"
    well, sentence = hooks.tried(wechat_hook, by=admin)
    assert (well, "AppSecret" in sentence) == (False, True)


def test_what_a_worker_died_over_is_shown_to_a_person_and_not_sent_again(wechat_hook, outside, li):
    """Between the call and our note of it: whoever takes it next does not know whether it left."""
    from_wechat(wechat_hook, words())
    take()
    message = conversation.reply(Complaint.objects.get(), by=li, text="在核实", channel="social")
    taken = letters._take(("social",))  # and it dies
    assert taken is not None and taken.message == message
    sent_out()
    assert Letter.objects.get(message=message).state == "queued"  # its lease has not ended
    with moment.at(moment.now() + timedelta(minutes=6)):
        sent_out()
    letter = Letter.objects.get(message=message)
    assert (letter.state, letter.taken_until, outside.sent) == ("failed", None, [])
    assert "可能已经发出" in letter.error
    conversation.retry_letter(letter)  # the person has looked
    sent_out()
    assert Letter.objects.get(message=message).state == "sent"
    assert len(outside.sent) == 1
