"""What is quoted, what is signed, what is new; and how signs match."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from huiyin.journey.channels.mail.models import signs
from huiyin.journey.channels.mail.reading import Read
from huiyin.journey.channels.mail.rules.folding import fold
from huiyin.journey.channels.mail.rules.judging import rounds
from huiyin.journey.channels.mail.rules.signs import matches
from huiyin.journey.channels.mail.rules.writing import complaint_text, fingerprint, new_words
from tests.conftest import at

pytestmark = pytest.mark.django_db

NEW = "还是没有收到退款，请尽快处理。"
OLD = "您好，退款已经安排。"

QUOTES = {
    "gmail zh": f"客服 <service@example.com> 于2026年11月20日周五 10:00写道：\n\n> {OLD}\n> 谢谢",
    "gmail en": f"On Fri, Nov 20, 2026 Service <service@example.com> wrote:\n\n> {OLD}",
    "gmail en broken": f"On Fri, Nov 20, 2026 Service <\nservice@example.com> wrote:\n\n> {OLD}",
    "apple zh": f"> 在 2026年11月20日，上午10:00，客服 <service@example.com> 写道：\n> \n> {OLD}",
    "apple ios": "发自我的iPhone\n\n"
    f"在 2026年11月20日，10:00，客服 <service@example.com> 写道：\n\n{OLD}",
    "qq": f'------------------ 原始邮件 ------------------\n发件人: "客服" <service@example.com>;\n'
    f'发送时间: 2026年11月20日\n收件人: "我"\n主题: 退款\n\n{OLD}',
    "163": f'在 2026-11-20 10:00:00，"客服" <service@example.com> 写道：\n\n{OLD}',
    "163 new": f"---- 回复的原邮件 ----\n| 发件人 | 客服 |\n{OLD}",
    "foxmail": f"发件人： 客服\n发送时间： 2026-11-20 10:00\n收件人： 我\n主题： 退款\n{OLD}",
    "outlook zh": f"________________________________\n发件人: 客服 <service@example.com>\n"
    f"发送时间: 2026年11月20日 10:00\n收件人: 我 <a@example.net>\n主题: 退款\n\n{OLD}",
    "outlook en": f"From: Service <service@example.com>\nSent: Friday, November 20, 2026\n"
    f"To: me\nSubject: refund\n\n{OLD}",
    "outlook old": f"-----Original Message-----\nFrom: Service\nSent: Friday\nTo: me\n\n{OLD}",
    "outlook mobile": f"获取 Outlook for iOS\n________________________________\n发件人： 客服\n"
    f"发送时间： 周五\n收件人： 我\n\n{OLD}",
    "繁體": f"客服 <service@example.com> 於 2026年11月20日 週五 上午10:00寫道：\n\n> {OLD}",
}


@pytest.mark.parametrize("client", QUOTES)
def test_what_programs_quote_is_folded(client):
    said = fold(f"{NEW}\n\n{QUOTES[client]}", signs())
    assert said.new == NEW
    assert OLD in said.quoted


def test_answers_below_and_between_are_kept():
    text = f"On Friday Service wrote:\n> {OLD}\n> 请问单号？\n单号 123\n> 还有吗\n> 谢谢\n没有了"
    assert fold(text, signs()).new == "单号 123\n没有了"


def test_signatures():
    assert fold(f"{NEW}\n-- \n赵敏\n电话 138", signs()) == (NEW, "-- \n赵敏\n电话 138", "")
    assert fold(f"{NEW}\n\n发自我的 iPhone", signs()).new == NEW
    assert fold(f"{NEW}\n\nSent from my iPhone", signs()).new == NEW


@pytest.mark.parametrize(
    "text",
    [
        "> 三天了没有人理",
        "发件人: 我不知道是谁\n我收到一个坏的电饭煲",
        "价格 > 100 元\n> 三天没回\n还是没回",
        "在网上买的，店家写道：七天退货，不给退",
        "",
    ],
)
def test_what_cannot_be_told_apart_is_new(text):
    assert fold(text, signs()).new == text


def test_nothing_new_is_everything_new():
    text = f"> {OLD}\n> 谢谢"
    assert fold(text, signs()) == (text, "", "")


def test_a_forwarded_mail_is_taken_whole():
    text = f"请看\n\n---------- Forwarded message ----------\nFrom: 店家\n{OLD}"
    assert new_words(Read(subject="Fwd: 退款", text=text), signs()) == (text, "", "")
    assert new_words(Read(subject="退款", text=text), signs()).new == "请看"


def test_folding_is_fast_whatever_the_text():
    began = time.process_time()
    for text in (
        "> x\n" * 20_000,
        "From: a\n" * 4_000,
        "在\n" * 4_900,
        "*" * 500_000,
        "a" * 900_000,
    ):
        fold(text, signs())
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("自动回复*", "自动回复：您好", True),
        ("已读:*", "已读：您的投诉", True),
        ("*验证码*", "您的验证码是 1", True),
        ("no-reply@*", "No-Reply@bank.example", True),
        ("no-reply@*", "a-no-reply@bank.example", False),
        ("ab*ba", "aba", False),
        ("yes*", "Yes, score=9", True),
        ("*", "", True),
        ("a*b*c", "axxbxxc", True),
        ("a*b*c", "axxcxxb", False),
    ],
)
def test_patterns(pattern, value, fits):
    assert matches(pattern, value) is fits


def test_patterns_are_fast_whatever_they_are():
    began = time.process_time()
    for _time in range(200):
        matches("*a" * 60, "a" * 100_000 + "b")
    assert time.process_time() - began < 5


def test_rounds_are_counted_by_letters_of_ours_just_before():
    ours = [at("2026-11-20 10:00"), at("2026-11-20 11:00")]
    theirs = [one + timedelta(seconds=30) for one in ours] + [at("2026-11-20 12:00")]
    assert rounds(theirs, ours) == 2


def test_subject_and_words():
    assert complaint_text(Read(subject="坏了"), "电饭煲坏了") == "电饭煲坏了"
    assert complaint_text(Read(subject="投诉"), "电饭煲坏了") == "投诉\n\n电饭煲坏了"
    assert "没有文字" in complaint_text(Read(), "")
    long = complaint_text(Read(), "字" * 30_000)
    assert len(long) < 20_000
    assert "全文见原邮件" in long


def test_fingerprints():
    one = Read(internet_id="a@x", body_hash="1")
    assert fingerprint(one, "s") == fingerprint(one, "t")
    assert fingerprint(Read(internet_id="a@x", body_hash="2"), "s") != fingerprint(one, "s")
    assert fingerprint(Read(body_hash="1"), "s") != fingerprint(Read(body_hash="1"), "t")
