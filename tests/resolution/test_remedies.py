"""Remedies as data: the rows a house begins with, their fields, limits and steps."""

from __future__ import annotations

import pytest

from huiyin.journey.resolution import reference, shapes
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.words import ResponseKind


@pytest.fixture
def remedies(db):
    reference.load_reference()
    return {one.code: one for one in Remedy.objects.all()}


def test_every_remedy_says_what_it_is_and_how_it_is_carried_out(remedies):
    """退货退款 换货 补发 部分退款 维修 补偿 优惠券 道歉 说明 运费 …: complete, in two languages."""
    assert len(remedies) >= 19
    for one in remedies.values():
        assert one.name_zh and one.name_en and one.wording_zh and one.wording_en and one.basis
        assert one.response_kind in ResponseKind.values
        assert shapes.checked_fields(one.fields) == one.fields
        assert shapes.checked_steps(one.execution) == one.execution and one.execution
        assert shapes.days_of(one.execution) == one.days, one.code
        assert all(step["what_en"] for step in one.execution)
        assert all(field["label_en"] for field in one.fields)


def test_what_was_edited_is_not_overwritten(remedies):
    Remedy.objects.filter(code="RMD.14").update(name_zh="退运费", limit_fen=100)
    assert reference.load_reference() == 0
    assert Remedy.objects.get(code="RMD.14").limit_fen == 100


def test_a_remedy_from_before_gets_its_fields_and_keeps_its_words(remedies):
    Remedy.objects.filter(code="RMD.01").update(
        response_kind="", fields=[], execution=[], wording_zh="我们自己的说法"
    )
    reference.load_reference()
    one = Remedy.objects.get(code="RMD.01")
    assert one.fields and one.execution and one.wording_zh == "我们自己的说法"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "请填写“券名称”"),
        ({"voucher": "致歉券", "face": -1}, "金额不对"),
        ({"voucher": "致歉券", "face": 10**15}, "金额不对"),
        ({"voucher": "致歉券", "face": 1.5}, "金额不对"),
        ({"voucher": "致歉券", "face": True}, "金额不对"),
        ({"voucher": "x" * 301, "face": 1}, "太长"),
        ({"voucher": "致歉券", "face": 1, "valid_until": "2026-02-30"}, "不是一个存在的日期"),
        ({"voucher": "致歉券", "face": 1, "boo": "x"}, "没有“boo”这个字段"),
        ({"voucher": ["x"], "face": 1}, "太长"),
        ([], "写法不对"),
    ],
)
def test_fields_are_checked_in_sentences(remedies, said, sentence):
    with pytest.raises(shapes.Wrong, match=sentence):
        shapes.filled(remedies["RMD.05"].fields, said)


def test_fields_are_kept_and_shown_in_plain_words(remedies):
    one = remedies["RMD.01"]
    said = shapes.filled(one.fields, {"goods": "  不粘锅\0 ", "freight_by": "us"})
    assert said == {"goods": "不粘锅", "freight_by": "us"}
    assert one.shown(said, "zh") == [("退回的商品", "不粘锅"), ("退货运费", "我们承担")]
    assert one.shown(said, "en")[1] == ("Return freight", "paid by us")
    coupon = remedies["RMD.05"]
    assert ("面额", "¥1,234.05") in coupon.shown({"voucher": "券", "face": 123405}, "zh")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([{"name": "A b", "label_zh": "x", "type": "text"}], "字段代码"),
        ([{"name": "a", "label_zh": "", "type": "text"}], "名称"),
        ([{"name": "a", "label_zh": "x", "type": "sql"}], "类型不对"),
        ([{"name": "a", "label_zh": "x", "type": "choice"}], "至少写一个"),
        ([{"name": "a", "label_zh": "x", "type": "text"}] * 2, "代码相同"),
        ([{"name": "a", "label_zh": "x", "type": "text"}] * 13, "最多 12 行"),
        ({"name": "a"}, "写法不对"),
        ([{"name": 5, "label_zh": "x", "type": "text"}], "写法不对"),
    ],
)
def test_a_remedy_with_faulty_fields_is_not_kept(fields, sentence):
    with pytest.raises(shapes.Wrong, match=sentence):
        shapes.checked_fields(fields)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"what_zh": "", "by": "finance", "days": 1}, "要做什么"),
        ({"what_zh": "退款", "by": "boss", "days": 1}, "由谁执行"),
        ({"what_zh": "退款", "by": "department:../x", "days": 1}, "由谁执行"),
        ({"what_zh": "退款", "by": "finance", "days": -1}, "期限"),
        ({"what_zh": "退款", "by": "finance", "days": 61}, "期限"),
        ({"what_zh": "退款", "by": "finance", "days": "3"}, "期限"),
    ],
)
def test_a_remedy_with_faulty_steps_is_not_kept(step, sentence):
    with pytest.raises(shapes.Wrong, match=sentence):
        shapes.checked_steps([step])


@pytest.mark.parametrize(
    ("fen", "order", "most"),
    [(100, None, None), (50_001, None, 50_000), (901, 1000, 900), (900, 1000, None), (0, 0, None)],
)
def test_limits_of_a_remedy(fen, order, most):
    one = Remedy(code="X", name_zh="x", limit_fen=50_000, limit_percent=90)
    assert one.exceeds(fen, order) == most
