"""WeCom customer service: the callback tells of news, the cursor brings them, each once."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

import pytest
from django.test import Client

from huiyin.ground import moment
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.channels.social.connectors import wecom
from huiyin.journey.channels.social.rules import wechat
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import letters
from huiyin.journey.conversation.models import Letter, Part
from huiyin.journey.conversation.ways import way_of
from tests.social.conftest import AES, TOKEN, sent_out, take


def news(number: int, text="发错货了", author="wm1", **more):
    return {
        "msgid": f"m{number}",
        "open_kfid": "kf1",
        "external_userid": author,
        "send_time": int(time.time()),
        "origin": 3,
        "msgtype": "text",
        "text": {"content": text},
        **more,
    }


def _sealed(inner: bytes, corp="ww1"):
    stamp, nonce = str(int(time.time())), f"n{time.monotonic_ns()}"
    box = wechat.sealed(inner, AES, corp, random=os.urandom(16))
    signed = wechat.signature(TOKEN, stamp, nonce, box)
    return box, {"msg_signature": signed, "timestamp": stamp, "nonce": nonce}


def called(corp="ww1", **fields):
    told = {"CreateTime": "1", "MsgType": "event", "Event": "kf_msg_or_event", "Token": "T"}
    box, query = _sealed(wechat.written({**told, "OpenKfId": "kf1", **fields}), corp)
    body = wechat.written({"ToUserName": corp, "Encrypt": box})
    return Client().post("/hooks/in/wecom/", body, content_type="text/xml", query_params=query)


def test_the_handshake_is_opened_and_answered(wecom_hook):
    box, query = _sealed(b"123456")
    answer = Client().get("/hooks/in/wecom/", query | {"echostr": box})
    assert (answer.status_code, answer.content) == (200, b"123456")
    assert Client().get("/hooks/in/wecom/", query | {"echostr": "x"}).status_code == 403


def test_nothing_is_parsed_before_its_signature_is_right(wecom_hook, monkeypatch):
    parsed: list[bytes] = []
    real = wechat.fields

    def counted(xml: bytes) -> dict[str, str]:
        parsed.append(xml)
        return real(xml)

    monkeypatch.setattr(wechat, "fields", counted)
    box, query = _sealed(wechat.written({"Event": "x"}), "ww1")
    wrong = query | {"msg_signature": wechat.signature("guess", box)}
    nested = b"<a>" * 20_000
    bodies = [
        wechat.written({"Encrypt": box}),
        nested,
        b"<Encrypt>" * 7000,
        b"<Encrypt>" + b"A" * 65_000,
    ]
    for body in (
        *bodies,
        b"<xml>" + b" " * 65_536 + b"<Encrypt>" + box.encode() + b"</Encrypt></xml>",
    ):
        answer = Client().post(
            "/hooks/in/wecom/", body, content_type="text/xml", query_params=wrong
        )
        assert answer.status_code == 403
    assert parsed == []
    cdata = (
        f"<xml><ToUserName><![CDATA[ww1]]></ToUserName><Encrypt><![CDATA[{box}]]></Encrypt></xml>"
    )
    answer = Client().post("/hooks/in/wecom/", cdata, content_type="text/xml", query_params=query)
    assert answer.status_code == 200
    assert len(parsed) == 1  # what was sealed


def test_news_are_fetched_page_by_page_and_the_cursor_is_kept(wecom_hook, outside):
    outside.news = [news(n, author=f"wm{n}") for n in range(7)]
    assert called().content == b"success"
    take()
    assert Complaint.objects.count() == 7
    wecom_hook.refresh_from_db()
    assert wecom_hook.position == "7"
    outside.news.append(news(7, author="wm7"))
    called()
    take()
    assert Complaint.objects.count() == 8


def _forwarded(name, kind, **part):
    inner = json.dumps({"msgtype": kind, kind: part}, ensure_ascii=False)
    return {"sender_name": name, "msgtype": kind, "msg_content": inner, "send_time": 1}


@pytest.mark.parametrize(
    ("kind", "part", "said"),
    [
        (
            "channels_shop_order",
            {"order_id": "E2026", "product_titles": "电饭煲"},
            "[订单]\nE2026\n电饭煲",
        ),
        (
            "miniprogram",
            {"title": "售后申请", "appid": "wx", "pagepath": "p"},
            "[小程序]\n售后申请",
        ),
        (
            "location",
            {"name": "虹桥站", "address": "申贵路 1500 号"},
            "[位置]\n虹桥站\n申贵路 1500 号",
        ),
        ("link", {"title": "说明", "url": "https://a.example"}, "[链接]\n说明\nhttps://a.example"),
        ("brand_new_kind", {"x": 1}, "[不能显示的消息，请到企业微信里查看]"),
        ("merged_msg", {"title": "群聊的聊天记录", "item": "x"}, "[聊天记录]\n群聊的聊天记录"),
        ("merged_msg", [], "[聊天记录]"),
        ("text", {"content": ["x"]}, "[不能显示的消息，请到企业微信里查看]"),
    ],
)
def test_whatever_he_sends_is_in_words(wecom_hook, outside, kind, part, said):
    outside.news = [{**news(1, msgtype=kind), "text": None, kind: part}]
    called()
    take()
    assert Complaint.objects.get().messages.get().text == said


def test_a_forwarded_conversation_is_read_line_by_line(wecom_hook, outside):
    items = [
        _forwarded("客服小李", "text", content="三天内给您退款"),
        _forwarded("王芳", "image", media_id="m"),
        {"sender_name": "坏的", "msgtype": "text", "msg_content": "{"},
        "x",
        _forwarded("深的", "merged_msg", item=[_forwarded("里", "text", content="x")]),
    ]
    part = {"title": "聊天记录", "item": items}
    outside.news = [news(1, msgtype="merged_msg", text=None, merged_msg=part)]
    called()
    take()
    lines = Complaint.objects.get().messages.get().text.split("\n")
    assert lines[2:] == ["客服小李：三天内给您退款", "王芳：[图片]", "坏的：…", "深的：[聊天记录]"]


def test_what_is_far_too_long_is_cut_and_says_so(wecom_hook, outside):
    items = [_forwarded("王", "text", content="字" * 600) for _ in range(99)]
    outside.news = [news(1, msgtype="merged_msg", text=None, merged_msg={"item": items})]
    called()
    take()
    assert Complaint.objects.get().messages.get().text.endswith("请到企业微信里查看）")


def test_what_he_took_back_stays_with_a_note(wecom_hook, outside):
    outside.news = [news(1, text="骂人的话")]
    called()
    take()
    recall = {"event_type": "user_recall_msg", "recall_msgid": "m1", "external_userid": "wm1"}
    told = {"msgtype": "event", "origin": 4, "event": recall}
    outside.news.append({**told, "msgid": "e1"})
    outside.news.append({**told, "msgid": "e2", "event": {**recall, "recall_msgid": "unknown"}})
    called(Token="T2", CreateTime="2")
    take()
    first, note = Complaint.objects.get().messages.order_by("pk")
    assert (first.text, note.kind) == ("骂人的话", "note")
    assert "撤回" in note.text
    outcomes = Arrival.objects.filter(key__startswith="msg:e").values_list("outcome", flat=True)
    assert set(outcomes) == {"客户撤回了一条消息"}


def test_more_pages_than_one_transaction_takes_are_fetched_right_after(
    wecom_hook, outside, monkeypatch
):
    monkeypatch.setattr(wecom, "MOST_PAGES", 2)
    outside.news = [news(n, author=f"wm{n}") for n in range(11)]
    called()
    take()
    assert Complaint.objects.count() == 11


def test_a_death_between_pages_and_cursor_costs_nothing(wecom_hook, outside, monkeypatch):
    outside.news = [news(n, author=f"wm{n}") for n in range(5)]
    real = wecom.keep_more

    def dies(hook, found):
        real(hook, found)
        raise RuntimeError("killed")

    monkeypatch.setattr(wecom, "keep_more", dies)
    called()
    take()
    assert not Arrival.objects.filter(key__startswith="msg:").exists()
    monkeypatch.setattr(wecom, "keep_more", real)
    with moment.at(moment.now() + timedelta(minutes=2)):
        take()
    assert Complaint.objects.count() == 5


def test_nothing_is_lost_or_doubled_with_a_server_that_fails_a_third(wecom_hook, outside):
    outside.news = [news(n, text=f"第 {n} 件", author=f"wm{n}") for n in range(20)]
    outside.fails = 30
    called()
    now = moment.now()
    for minutes in (0, 2, 8, 24, 70):
        with moment.at(now + timedelta(minutes=minutes)):
            take()
    outside.fails = 0
    called()
    take()
    texts = sorted(Complaint.objects.values_list("text", flat=True))
    assert texts == sorted(f"第 {n} 件" for n in range(20))


def test_what_colleagues_and_machines_say_is_no_complaint(wecom_hook, outside):
    outside.news = [news(1, origin=5), news(2, msgtype="event", event={"event_type": "enter"})]
    called()
    take()
    assert not Complaint.objects.exists()
    assert Arrival.objects.filter(state="taken").count() == 3


def test_news_of_another_account_or_another_house_are_not_ours(wecom_hook, outside):
    outside.news = [news(1)]
    assert called(corp="ww2").status_code == 403
    called(OpenKfId="kf9")
    take()
    assert not Complaint.objects.exists()


@pytest.fixture
def talking(wecom_hook, outside):
    outside.news = [news(1)]
    called()
    take()
    return Complaint.objects.get()


def _answer(complaint, li, text="在核实") -> Letter:
    message = conversation.reply(complaint, by=li, text=text, channel="social")
    sent_out()
    return Letter.objects.get(message=message)


def test_answers_are_sent_once_however_often_they_are_tried(talking, outside, li):
    outside.fails = 60
    letter = _answer(talking, li)
    now = moment.now()
    for minutes in (2, 8, 24, 70):
        with moment.at(now + timedelta(minutes=minutes)):
            sent_out()
    letter.refresh_from_db()
    assert [one["text"]["content"] for one in outside.sent] in ([], ["在核实"])
    outside.fails = 0
    if letter.state != "sent":
        conversation.retry_letter(letter)
        sent_out()
    assert [one["text"]["content"] for one in outside.sent] == ["在核实"]


def test_a_failure_that_is_told_later_stands_at_the_answer(talking, outside, li):
    letter = _answer(talking, li)
    sent = outside.sent[0]["msgid"]
    event = {"event_type": "msg_send_fail", "fail_msgid": sent, "fail_type": 6}
    outside.news.append(news(2, msgtype="event", event=event))
    called()
    take()
    letter.refresh_from_db()
    assert (letter.reach, letter.error) == ("missed", "客户拒收")


@pytest.mark.parametrize(("code", "sentence"), [(95001, "5 条"), (95013, "已经结束")])
def test_its_errors_are_sentences(talking, outside, li, code, sentence):
    outside.errors = [code]
    letter = _answer(talking, li)
    assert (letter.state, sentence in letter.error) == ("failed", True)


def test_five_answers_and_48_hours_close_the_way(talking, li):
    for number in range(5):
        _answer(talking, li, f"第 {number} 条")
    assert way_of(talking, "social").closed == "已发满 5 条"
    with moment.at(moment.now() + timedelta(hours=49)):
        assert way_of(talking, "social").closed == "超过 48 小时"


def test_what_is_noted_as_gone_is_not_called_again_whoever_dies_after(talking, outside, li):
    conversation.reply(talking, by=li, text="在核实", channel="social")
    taken = letters._take(("social",))
    assert taken is not None
    letters._carry(taken)
    Letter.objects.update(state="queued", taken_until=moment.now())  # it died before it said so
    sent_out()
    assert [one["text"]["content"] for one in outside.sent] == ["在核实"]
    assert (outside.again, Letter.objects.get().state) == (0, "sent")


def test_what_a_worker_died_over_is_sent_again_under_its_key(talking, outside, li):
    conversation.reply(talking, by=li, text="在核实", channel="social")
    taken = letters._take(("social",))
    assert taken is not None
    letters._carry(taken)
    Letter.objects.update(state="queued", taken_until=moment.now())
    Part.objects.update(state="begun")  # it died before it noted the part
    sent_out()
    assert [one["text"]["content"] for one in outside.sent] == ["在核实"]
    assert (outside.again, Letter.objects.get().state) == (1, "sent")
