"""Counting, quiet hours, secrets: on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.journey.channels.sms.rules.length import counted, most_characters, signed
from huiyin.journey.channels.sms.rules.quiet import is_span, quiet_until
from huiyin.journey.channels.sms.rules.secrecy import is_mobile, secret_in, without_code
from tests.conftest import at


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "gsm", 0, 0),
        ("a" * 160, "gsm", 160, 1),
        ("a" * 161, "gsm", 161, 2),
        ("a" * 306, "gsm", 306, 2),
        ("a" * 307, "gsm", 307, 3),
        ("€" * 80, "gsm", 160, 1),
        ("a" * 152 + "€" + "a" * 10, "gsm", 164, 2),
        ("a" * 152 + "€" * 77, "gsm", 306, 3),  # no character is cut in two
        ("汉" * 70, "ucs2", 70, 1),
        ("汉" * 71, "ucs2", 71, 2),
        ("汉" * 134, "ucs2", 134, 2),
        ("汉" * 135, "ucs2", 135, 3),
        ("😀" * 35, "ucs2", 70, 1),
        ("汉" * 66 + "😀" + "汉" * 66, "ucs2", 134, 3),
        ("abc汉", "ucs2", 4, 1),
    ],
)
def test_texts_are_counted_as_carriers_do(text, encoding, units, parts):
    found = counted(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_what_a_reply_may_have_fits_with_its_signature():
    for parts in (1, 2, 8):
        text = signed("汉" * most_characters(parts, "【云朵】"), "云朵")
        assert counted(text).parts == parts
        assert counted(text + "汉").parts == parts + 1
    assert signed("【云朵】您好", "云朵") == "【云朵】您好"
    assert signed("您好", "") == "您好"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-25 21:59", None),
        ("2026-11-25 22:00", "2026-11-26 08:00"),
        ("2026-11-26 00:30", "2026-11-26 08:00"),
        ("2026-11-26 07:59", "2026-11-26 08:00"),
        ("2026-11-26 08:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(now, until):
    found = quiet_until(at(now), ["22:00-08:00"])
    assert found == (at(until) if until else None)


def test_several_quiet_spans_and_odd_ones():
    assert quiet_until(at("2026-11-25 12:30"), ["12:00-13:00", "x"]) == at("2026-11-25 13:00")
    assert quiet_until(at("2026-11-25 12:30"), []) is None
    assert is_span("22:00-08:00")
    assert not is_span("24:00-08:00")
    assert quiet_until(at("2026-11-25 12:30") + timedelta(hours=2), ["12:00-13:00"]) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("您的身份证 11010519491231002X 收到", "identity"),
        ("卡号 6222 0200 0000 0000 123", "card"),
        ("密码是 abc123", "password"),
        ("验证码：8812", "password"),
        ("请到门店重设密码", ""),
        ("订单 2026112900001 已退款 5,800 元", ""),
    ],
)
def test_secrets_are_found(text, found):
    assert secret_in(text) == found


def test_the_line_with_the_tracking_code_is_left_out():
    text = "编号 TS1\n查询码 ABCD-EFGH\n请等待"
    assert without_code(text, "ABCDEFGH") == "编号 TS1\n请等待"
    assert without_code("只有 abcd efgh", "ABCDEFGH") == ""


def test_only_mobiles_have_texts():
    assert is_mobile("13800138000")
    assert is_mobile("+8613800138000")
    assert is_mobile("+447700900123")
    assert not is_mobile("02112345678")
    assert not is_mobile("")
