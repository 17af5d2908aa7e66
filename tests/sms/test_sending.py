"""Text messages out: to whom, how long, when, how often; once however often a provider fails."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.models import Number, Rule, Text
from huiyin.journey.channels.sms.rules.length import counted, signed
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.conversation.ways import way_of
from tests.signing import tell


def _reply(complaint, by, text="您好，已为您换新") -> Letter:
    message = conversation.reply(complaint, by=by, text=text, channel="sms")
    conversation.send_due_letters()
    return Letter.objects.get(message=message)


def _automatic(complaint, body="您的投诉已受理") -> Letter:
    conversation.post_letter(
        complaint,
        event=None,
        purpose="received",
        recipient="13800138000",
        subject="x",
        body=body,
        channel="sms",
    )
    conversation.send_due_letters()
    return Letter.objects.latest("pk")


def test_without_a_provider_it_is_a_record(make_complaint):
    assert not way_of(make_complaint(), "sms").is_carried


@pytest.mark.parametrize("text", ["汉", "😀", "汉😀", "汉汉😀"])
def test_what_is_taken_for_a_text_message_is_never_too_long_for_it(
    provider, make_complaint, li, text
):
    way = way_of(make_complaint(), "sms")
    whole = text * 600
    most = max(n for n in range(1200) if way.fits(whole[:n]))
    assert counted(signed(whole[:most], "云朵")).parts == 8
    with pytest.raises(Refused, match="短信"):
        conversation.reply(make_complaint(), by=li, text=whole[: most + 1], channel="sms")


def test_a_reply_goes_out_signed_and_counted(provider, outside, make_complaint, li, day):
    complaint = make_complaint()
    way = way_of(complaint, "sms")
    assert way.recipient == "13800138000" or way.recipient.endswith("13800138000")
    assert "13800138000" not in way.told
    letter = _reply(complaint, li)
    assert letter.state == "sent"
    sent = outside.sent[0]
    assert sent["text"] == "【云朵】您好，已为您换新"
    assert sent["id"] == f"huiyin-letter-{letter.pk}"
    text = Text.objects.get()
    assert (text.direction, text.parts, text.letter) == ("out", 1, letter)


def test_the_report_stands_at_the_letter_even_when_it_came_first(
    provider, outside, make_complaint, li, day
):
    letter = _reply(make_complaint(), li)
    name = f"o-huiyin-letter-{letter.pk}"
    told = {"kind": "report", "id": "r1", "message": name, "status": "delivered"}
    Letter.objects.filter(pk=letter.pk).update(outer_id="")
    tell(provider, told)
    hooks.take_due()
    Letter.objects.filter(pk=letter.pk).update(outer_id=f"{provider.pk}:{name}")
    with moment.at(moment.now() + timedelta(minutes=2)):
        hooks.take_due()
    letter.refresh_from_db()
    assert letter.reach == "delivered"
    tell(provider, {**told, "id": "r2", "status": "failed", "reason": "空号"})
    hooks.take_due()
    letter.refresh_from_db()
    assert (letter.reach, letter.error) == ("missed", "对方说：空号")


def test_who_has_no_mobile_cannot_be_chosen(provider, make_complaint, li):
    landline = find_or_create(Contact(name="座机", phone="021-12345678"))
    nobody = find_or_create(Contact(name="只有邮箱", email="x@example.com"))
    for customer in (landline, nobody):
        complaint = make_complaint(customer=customer)
        assert way_of(complaint, "sms").closed == "没有手机号"
        with pytest.raises(Refused, match="手机号"):
            conversation.reply(complaint, by=li, text="您好", channel="sms")


def test_who_wants_no_more_gets_none(provider, outside, make_complaint, li, day):
    complaint = make_complaint()
    tell(provider, {"kind": "message", "id": "1", "from": "13800138000", "text": "退订。"})
    hooks.take_due()
    assert Number.objects.get().stopped_at is not None
    assert way_of(complaint, "sms").closed == "已退订"
    assert _automatic(complaint).state == "failed"
    assert outside.sent == []
    tell(provider, {"kind": "message", "id": "2", "from": "13800138000", "text": "订阅"})
    hooks.take_due()
    assert way_of(complaint, "sms").is_carried
    assert Message.objects.filter(complaint=complaint).count() == 0


def test_automatic_texts_wait_for_the_morning_and_people_do_not(
    provider, outside, make_complaint, li, clock
):
    complaint = make_complaint()
    with clock("2026-11-25 23:00"):
        letter = _automatic(complaint)
        assert letter.state == "queued"
        assert outside.sent == []
        assert _reply(complaint, li).state == "sent"
    with clock("2026-11-26 08:01"):
        conversation.send_due_letters()
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_quiet_hours_are_data(provider, outside, make_complaint, clock):
    Rule.objects.filter(kind="quiet").delete()
    Rule.objects.create(kind="quiet", value="09:00-11:00")
    with clock("2026-11-25 10:00"):
        assert _automatic(make_complaint()).state == "queued"


def test_a_number_gets_so_many_an_hour(provider, outside, make_complaint, li, day):
    complaint = make_complaint()
    letters = [_reply(complaint, li, f"第 {n} 条") for n in range(6)]
    assert [one.state for one in letters] == ["sent"] * 5 + ["queued"]
    assert "太多" in letters[5].error
    with moment.at(moment.now() + timedelta(minutes=61)):
        conversation.send_due_letters()
    letters[5].refresh_from_db()
    assert letters[5].state == "sent"


@pytest.mark.parametrize(
    "text", ["密码是 abc123", "卡号 6222020000000000123", "证件 11010519491231002X"]
)
def test_secrets_are_refused_before_they_are_said(provider, make_complaint, li, text):
    complaint = make_complaint()
    with pytest.raises(Refused, match="短信里不能有"):
        conversation.reply(complaint, by=li, text=text, channel="sms")
    assert not complaint.messages.exists()
    conversation.reply(complaint, by=li, text="请到门店重设密码", channel="sms")


def test_the_customers_key_leaves_in_no_text(provider, outside, make_complaint, day):
    complaint = make_complaint()
    code = complaint.tracking_code
    body = f"您的投诉 {complaint.number} 已受理\n查询码：{code[:4]}-{code[4:]}\n请等待"
    assert _automatic(complaint, body).state == "sent"
    assert code[:4] not in outside.sent[0]["text"]
    assert complaint.number in outside.sent[0]["text"]


def test_links_with_a_secret_leave_in_no_text(provider, outside, make_complaint, day, settings):
    settings.SEALS = {"received": "tests.sms.test_sending.opened"}
    letter = _automatic(make_complaint(), "请点 ⟦seal:1⟧")
    if letter.state == "sent":  # no seal as the outbox writes it
        assert "s3cret" not in outside.sent[0]["text"]
    else:
        assert "密钥" in letter.error


def opened(_mark: str) -> str:
    return "https://x/s3cret"


def test_too_long_is_refused_with_its_measure(provider, make_complaint, li):
    with pytest.raises(Refused, match="最多"):
        conversation.reply(make_complaint(), by=li, text="汉" * 540, channel="sms")


def test_a_provider_that_fails_a_third_gets_everything_once(
    provider, outside, make_complaint, li, day
):
    outside.fails = 30
    outside.chance = random.Random(5)
    for number in range(20):
        customer = find_or_create(Contact(phone=f"139{number:08d}"))
        complaint = make_complaint(customer=customer)
        conversation.reply(complaint, by=li, text=f"答 {number}", channel="sms")
    now = moment.now()
    for minutes in (0, 2, 8, 24, 70):
        with moment.at(now + timedelta(minutes=minutes)):
            conversation.send_due_letters()
    outside.fails = 0
    for letter in Letter.objects.filter(state="failed"):
        conversation.retry_letter(letter)
    with moment.at(now + timedelta(hours=3)):
        conversation.send_due_letters()
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    said = sorted(one["text"] for one in outside.sent)
    assert said == sorted(f"【云朵】答 {n}" for n in range(20))
    assert Text.objects.filter(direction="out").count() == 20


def test_a_refusal_of_the_provider_is_final_and_told(provider, outside, make_complaint, li, day):
    provider.options["url"] = f"{outside.url}/nowhere"
    provider.save()
    from huiyin.ground.remembered import Remembered

    Remembered.forget_all()
    letter = _reply(make_complaint(), li)
    assert (letter.state, "404" in letter.error) == ("failed", True)


def test_an_inner_address_that_nobody_named_is_not_called(
    provider, make_complaint, li, day, settings
):
    settings.WEBHOOK_INNER_HOSTS = ()
    letter = _reply(make_complaint(), li)
    assert (letter.state, "内部地址" in letter.error) == ("failed", True)


def test_the_team_has_its_own_provider(provider, outside, make_complaint, li, after_sales, day):
    from huiyin.ground.remembered import Remembered

    options = {"sign": "售后", "url": f"{outside.url}/sms"}
    Hook.objects.create(
        code="own", name="售后", connector="sms_http", options=options, team=after_sales
    )
    Remembered.forget_all()
    _reply(make_complaint(team=after_sales), li)
    assert outside.sent[0]["sign"] == "售后"


def test_by_files_each_text_is_one_whole_file(folders, settings, make_complaint, li, day):
    letter = _reply(make_complaint(), li)
    out = settings.SMS_DIR / "gate" / "out"
    files = list(out.iterdir())
    assert [one.name for one in files] == [f"huiyin-letter-{letter.pk}.json"]
    assert json.loads(files[0].read_text())["text"].startswith("【云朵】")
    conversation.retry_letter(letter)
    Letter.objects.filter(pk=letter.pk).update(state="queued")
    conversation.send_due_letters()
    assert len(list(out.iterdir())) == 1


def test_the_system_user_is_a_machine(provider, outside, make_complaint, clock):
    with clock("2026-11-25 23:30"):
        letter = _reply(make_complaint(), User.objects.system())
    assert letter.state == "queued"
