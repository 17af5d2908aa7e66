"""How headers, dates, rows and cells are understood: tables that a manager could read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.surface.exchange import vocabulary
from huiyin.surface.exchange.rules import (
    Words,
    delimiter_of,
    encoding_of,
    folded,
    guess,
    kind_fault,
    moment_from,
    read_row,
    restored,
    safe_cell,
)
from huiyin.surface.exchange.words import Column
from tests.conftest import at

NOW = at("2026-11-25 10:00")
VALUES = vocabulary.values()
WORDS = Words(VALUES["channel"], VALUES["severity"], {"物流慢": "LG.01"})


def row(**cells):
    return read_row({"text": "电饭煲不加热", **cells}, WORDS, NOW)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("投诉内容", "text"),
        ("诉求内容", "text"),
        (" Text ", "text"),
        ("Consumer complaint narrative", "text"),
        ("联系电话（必填）*", "phone"),
        ("Contact Phone", "phone"),
        ("Ｅ－ｍａｉｌ", "email"),
        ("投诉 渠道", "channel"),
        ("Order No.", "order_no"),
        ("受理时间[yyyy-mm-dd]", "received_at"),
        ("Date received", "received_at"),
        ("工单编号", "external_id"),
        ("Complaint ID", "external_id"),
        ("涉及金额(元)", "amount"),
        ("序号", None),
        ("id", None),  # a running number is no identity: two files would collide
        ("label", None),
        ("", None),
    ],
)
def test_a_header_is_recognised_in_its_usual_spellings(header, column):
    assert guess([header], vocabulary.headers()) == ({column: 0} if column else {})


def test_the_better_word_wins_and_no_column_is_used_twice():
    found = guess(["诉求内容", "投诉内容", "投诉内容"], vocabulary.headers())
    assert found == {"text": 1, "wanted": 0}


def test_every_column_has_headers_and_every_synonym_is_folded():
    assert list(vocabulary.headers()) == Column.values
    for words in vocabulary.headers().values():
        assert all(word and word == folded(word) for word in words)


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("text", ","),
        ("投诉内容;电话;姓名", ";"),
        ("投诉内容\t电话\t姓名", "\t"),
        ("投诉内容,电话;分机,姓名", ","),
        ('"内容;正文",电话', ","),
        ("a;b;c", ";"),
    ],
)
def test_the_delimiter_is_what_makes_sense_of_the_headers(line, delimiter):
    assert delimiter_of(line, vocabulary.headers()) == delimiter


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-20", "2026-11-20 00:00"),
        ("2026/11/20 9:05", "2026-11-20 09:05"),
        ("2026.1.2 09:05:07", "2026-01-02 09:05:07"),
        ("2026年11月20日", "2026-11-20 00:00"),
        ("2026年11月20日 下午3点05分", "2026-11-20 15:05"),
        ("2026年11月20日星期五 9时", "2026-11-20 09:00"),
        ("２０２６－１１－２０", "2026-11-20 00:00"),
        ("2026-11-20T01:05:00Z", "2026-11-20 09:05"),
        ("2026-11-20T09:05:00+08:00", "2026-11-20 09:05"),
        ("2026-11-20 09:05:00.123", "2026-11-20 09:05"),
        ("2026-11-20 12:30 am", "2026-11-20 00:30"),
        ("20261120", "2026-11-20 00:00"),
        ("20261120090507", "2026-11-20 09:05:07"),
        ("46346", "2026-11-20 00:00"),
        ("46346.378472222", "2026-11-20 09:05"),
    ],
)
def test_a_date_is_read_in_its_usual_spellings(typed, moment):
    assert moment_from(typed) == at(moment)


@pytest.mark.parametrize(
    "typed",
    ["", "昨天", "03/04/2026", "2026-02-30", "2026-13-01", "2026-11-20 25:00", "12345", "2026",
     "2026-11-20 abc", "9" * 400, "2026-11-20 09:05+99:99"],
)  # fmt: skip
def test_what_is_no_certain_date_is_not_guessed(typed):
    assert moment_from(typed) is None


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"text": ""}, "没有投诉内容"),
        ({"text": " \u202e\n "}, "没有投诉内容"),
        ({"text": "甲" * 20_001}, "投诉内容：内容太长"),
        ({"text": "甲\x00乙"}, "投诉内容：内容里有无法保存的字符"),
        ({"text": "甲\udc80"}, "投诉内容：内容里有无法保存的字符"),
        ({"phone": "12"}, "电话“12”看起来不对"),
        ({"email": "wf@"}, "邮箱“wf@”看起来不对"),
        ({"received_at": "03/04/2026"}, "受理时间“03/04/2026”读不懂"),
        ({"received_at": "2026-11-26"}, "在将来"),
        ({"received_at": "1926-11-26"}, "太早"),
        ({"happened_on": "2026-11-21", "received_at": "2026-11-20 09:00"}, "发生日期晚于受理时间"),
        ({"amount": "约三百"}, "金额“约三百”读不懂"),
        ({"wanted": "甲" * 501}, "诉求：内容太长"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(cells, fault):
    assert any(fault in sentence for sentence in row(**cells).faults)


def test_a_good_row_says_what_it_means():
    read = row(
        channel="客服热线",
        severity="紧急",
        category="物流 慢",
        amount="¥1,299.5",
        phone="１３８００１３８０００",
        received_at="2026-11-20",
        happened_on="2026-11-19 22:00",
    )
    assert (read.faults, read.remarks) == ((), ())
    assert (read.channel, read.severity, read.category) == ("phone", 1, "LG.01")
    assert (read.amount_fen, read["phone"]) == (129_950, "１３８００１３８０００")
    assert read.happened_at == datetime(2026, 11, 19, 22, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_unknown_words_are_left_out_and_told():
    read = row(channel="飞鸽", category="没有的类别", severity="九级")
    assert read.faults == ()
    assert (read.channel, read.category, read.severity) == ("import", "", None)
    assert len(read.remarks) == 3


def test_the_same_row_has_the_same_key_in_any_spelling_of_its_dates():
    assert row(received_at="2026/11/20 9:05").key == row(received_at="2026-11-20T01:05:00Z").key
    assert row(amount="1,299").key == row(amount="¥1299.00").key
    assert row(name="王芳").key != row(name="李芳").key
    assert row(phone=" ").key == row().key


def test_a_number_of_its_own_is_the_key():
    assert row(external_id="K-1").key == row(external_id="K-1", text="别的").key == "id:K-1"
    assert row(external_id="工单 一").key.startswith("id:")
    assert row(external_id="x" * 5000).key != row(external_id="x" * 5001).key


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("投诉内容".encode(), "utf-8"),
        ("投诉内容".encode("utf-8-sig"), "utf-8-sig"),
        ("投诉内容".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "投诉内容".encode("utf-16-be"), "utf-16"),
        ("投诉内容：镕、㐀".encode("gb18030"), "gb18030"),
        ("投诉内容".encode() * 300 + b"\xff", "utf-8"),
        (b"text\nplain", "utf-8"),
        (bytes(range(128, 256)) * 50, ""),
    ],
)
def test_the_encoding_is_found(raw, encoding):
    assert encoding_of(raw) == encoding


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 .xls"),
        (b"%PDF-1.7", "不是表格文件"),
        (b"\x89PNG\r\n", "不是表格文件"),
        (bytes(range(32)) * 40, "不是文本文件"),
        ("投诉内容,电话,姓名\n坏了,1,王\n".encode("utf-16-le"), "不是文本文件"),
        (b"text\n" + b"a" * 500 + b"\x00" + b"b" * 500, ""),
        ("投诉内容".encode("utf-16"), ""),
        (b"text\na\x00b\n", ""),
    ],
)
def test_what_is_no_table_is_told_by_its_first_bytes(head, fault):
    assert fault in kind_fault(head) if fault else kind_fault(head) == ""


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        (" =1+1", "' =1+1"),
        ("-12.50", "-12.50"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
        ("+86 138****8000", "+86 138****8000"),
        ("电饭煲 = 坏了", "电饭煲 = 坏了"),
        ("", ""),
    ],
)
def test_no_cell_becomes_a_formula_and_numbers_stay_numbers(text, safe):
    assert safe_cell(text) == safe
    assert restored(safe) == text


def test_what_no_file_can_hold_is_left_out_of_a_cell():
    safe_cell("a\x00b\ud800c").encode()
