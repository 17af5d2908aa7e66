"""What a file is, what stands in a letter, which words are put into ours."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.journey.channels.paper.rules import finding, media, words
from tests.paper import scans

TODAY = date(2026, 11, 29)


def fields(text: str) -> dict[str, str]:
    return {one.kind: one.value for one in finding.found(finding.lines_of(text), TODAY)}


def test_what_stands_in_an_ordinary_letter_is_found():
    found = fields(scans.LETTER)
    assert found["name"] == "陈桂芳"
    assert found["phone"] == "138 1234 5678"
    assert found["order_no"] == "YD20261012008817"
    assert found["address"] == "浙江省杭州市西湖区文三路 98 号 3 幢 502 室"
    assert found["dated_on"] == "2026-11-03"
    assert found["amount"] == "459"
    assert found["wanted"] == "退货退款，并赔偿往返运费 36 元"


def test_each_says_in_which_line_it_stands():
    lines = finding.lines_of(scans.LETTER)
    phone = next(one for one in finding.found(lines, TODAY) if one.kind == "phone")
    assert "联系电话" in lines[phone.lines[0]].text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("二〇二六年十一月二十三日", "dated_on", "2026-11-23"),
        ("2026.1.5", "dated_on", "2026-01-05"),
        ("写于 2027年1月1日", "dated_on", None),
        ("2026年13月40日", "dated_on", None),
        ("Tel：(010) 65521234", "phone", "(010) 65521234"),
        ("快递单 43812345678901 已收到", "phone", None),
        ("电话：１３８１２３４５６７８", "phone", "13812345678"),
        ("投诉人：欧阳小明，电话 13800138000", "name", "欧阳小明"),
        ("Name: Tom Baker", "name", "Tom Baker"),
        ("退还人民币 1,299.50", "amount", "1299.50"),
        ("损失约 1.2万元", "amount", "12000"),
        ("我强烈要求贵司更换新机。谢谢", "wanted", "强烈要求贵司更换新机"),
        ("联系邮箱 a.b@mail.example。", "email", "a.b@mail.example"),
        ("关于 TS2026-000123 的补充", "number", "TS2026-000123"),
        ("关于 ts 2026 - 000123", "number", "TS2026-000123"),
        ("TS2026-0001234567", "number", None),
    ],
)
def test_one_thing(text, kind, value):
    assert fields(text).get(kind) == value


@given(st.text(max_size=400))
def test_no_text_stops_it(text):
    for one in finding.found(finding.lines_of(text), TODAY):
        assert one.value
        assert len(one.value) <= 300


def test_a_long_letter_takes_no_time():
    import time

    began = time.process_time()
    finding.found(finding.lines_of(("要求" * 50 + "省市区路号1234567890" * 40 + "\n") * 300), TODAY)
    assert time.process_time() - began < 2


def test_what_a_person_made_of_it():
    told = finding.verdicts(
        {"name": "陈桂芳", "phone": "138", "wanted": "退款"}, {"name": "陈桂芳", "phone": "139"}
    )
    assert {kind: one["verdict"] for kind, one in told.items()} == {
        "name": "accepted",
        "phone": "edited",
        "wanted": "rejected",
    }


@pytest.mark.parametrize(
    ("head", "size", "said"),
    [
        (b"%PDF-1.7", 10, "application/pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", 10, "application/pdf"),
        (b"\xff\xd8\xff\xe0", 10, "image/jpeg"),
        (b"II*\x00", 10, "image/tiff"),
        (b"MM\x00*", 10, "image/tiff"),
        (b"\x00\x00\x00\x18ftypheic", 10, "heic"),
        (b"<html>", 10, "kind"),
        (b"MZ", 10, "kind"),
        (b"", 0, "empty"),
        (b"%PDF-", 51 * 1024 * 1024, "too_large"),
    ],
)
def test_a_file_is_what_its_first_bytes_are(head, size, said):
    verdict = media.judge(size, head)
    assert said in (verdict.media, verdict.refusal)


def test_words_are_put_in_once_and_only_ours():
    values = {"name": "{number}", "number": "TS2026-000001"}
    assert words.filled("{name} {number} {other} {", values) == "{number} TS2026-000001 {other} {"
    assert words.unknown("{name} {password} {a.b}") == ["password", "a.b"]


def test_folds_and_addresses():
    assert words.folds("105，210") == [105, 210]
    assert words.address_lines("一\n\n二\n三\n四\n五\n六\n七") == [
        "一",
        "二",
        "三",
        "四",
        "五",
        "六 七",
    ]


def test_the_register_counts_in_six_digits():
    assert media.written_number(2026, 123) == "信2026-000123"
