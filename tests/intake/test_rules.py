"""The rules of intake, as tables that a manager could read and correct."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.journey.intake import rules
from huiyin.journey.intake.rules import FieldSpec


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("电饭煲漏电，孩子手被电到了，现在还红着", "电饭煲漏电，孩子手被电到了"),
        ("你好，我上周买的空调一直不制冷。报修三次没人来", "我上周买的空调一直不制冷"),
        ("退款！！！", "退款"),
        ("您好。", "（无文字说明）"),
        ("", "（无文字说明）"),
        ("啊" * 60, "啊" * 39 + "…"),
        ("hello, my kettle leaks. I want a refund", "my kettle leaks"),
        ("\n\n  快递到了三天不送 \n打电话也不接", "快递到了三天不送"),
        ("云朵商城客服部：\n您好！我买的电饭煲用了两天就坏了。", "我买的电饭煲用了两天就坏了"),
        ("投诉信\n尊敬的领导，你好：\n小区停水三天没人管", "小区停水三天没人管"),
        ("Dear Sir or Madam,\nMy order never arrived.", "My order never arrived"),
        ("问题如下：\n门锁打不开", "门锁打不开"),
        ("订单号：\n", "订单号："),
        ("客服说：三天到账，结果没到", "客服说：三天到账"),
    ],
)
def test_subject_is_the_first_clause_that_says_enough(text, subject):
    assert rules.subject_from(text) == subject


@given(st.text())
def test_any_text_has_a_subject_of_at_most_forty_characters(text):
    assert 0 < len(rules.subject_from(text)) <= 40


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        (
            "我上周买的电饭煲漏电，你们一直不管",
            "退货退款",
            "您是说您上周买的电饭煲漏电，我们一直不管，希望退货退款，对吗？",
        ),
        ("我们家断网三天", "", "您是说你们家断网三天，对吗？您希望我们怎样处理？"),
        ("商家自我感觉良好", "要道歉", "您是说商家自我感觉良好，希望道歉，对吗？"),
        ("", "退款", ""),
    ],
)
def test_what_the_customer_said_is_said_back(text, wanted, said):
    assert rules.restated(text, wanted) == said


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "长" * 20_001])
def test_text_that_cannot_be_stored_is_refused_with_a_sentence(text):
    assert rules.text_fault(text)


def test_direction_turning_and_control_characters_are_dropped():
    assert rules.cleaned("\u202e退款\x07\r\n明天 ") == "退款\n明天"


PD_REQUIRED = {"all": [{"field": "category", "is": "under", "value": "PD"}]}


@pytest.mark.parametrize(
    ("condition", "facts", "true"),
    [
        (None, {}, False),
        ({"all": []}, {}, True),
        ({"any": []}, {}, False),
        (PD_REQUIRED, {"category": "PD.01.02"}, True),
        (PD_REQUIRED, {"category": "PDX"}, False),
        ({"all": [{"field": "a", "is": "equal", "value": 3}]}, {"a": 3}, True),
        ({"all": [{"field": "a", "is": "not_equal", "value": "3"}]}, {"a": 3}, False),
        ({"all": [{"field": "a", "is": "one_of", "value": ["x", "y"]}]}, {"a": "y"}, True),
        ({"all": [{"field": "a", "is": "contains", "value": "x"}]}, {"a": ["x"]}, True),
        ({"all": [{"field": "a", "is": "contains", "value": "赔"}]}, {"a": "要赔钱"}, True),
        ({"all": [{"field": "a", "is": "filled"}]}, {"a": 0}, True),
        ({"all": [{"field": "a", "is": "empty"}]}, {}, True),
        ({"all": [{"field": "a", "is": "more", "value": 9}]}, {"a": "10"}, True),
        ({"all": [{"field": "a", "is": "less", "value": 9}]}, {"a": "10"}, False),
        (
            {"all": [{"field": "a", "is": "at_least", "value": "2026-01-01"}]},
            {"a": "2026-01-01"},
            True,
        ),
        ({"all": [{"field": "a", "is": "at_most", "value": 9}]}, {}, False),
        (
            {"any": [{"field": "a", "is": "filled"}, {"all": [{"field": "b", "is": "filled"}]}]},
            {"b": 1},
            True,
        ),
    ],
)
def test_conditions(condition, facts, true):
    assert rules.holds(condition, facts) is true


def spec(type_, **kw):
    return FieldSpec(key="f", type=type_, label="字段", **kw)


OPTIONS = (("red", "红"), ("blue", "蓝"))


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (spec("text"), " 批次 A1 ", "批次 A1"),
        (spec("text"), 12, "12"),
        (spec("text", limits={"max_length": 3}), "四个字呀", None),
        (spec("text", limits={"min_length": 3}), "二字", None),
        (spec("text"), "x\x00", None),
        (spec("text"), {"a": 1}, None),
        (spec("number"), "1,200", 1200),
        (spec("number"), "１２", 12),
        (spec("number"), "1.50", "1.5"),
        (spec("number"), "NaN", None),
        (spec("number"), "1e999999", None),
        (spec("number"), True, None),
        (spec("number", limits={"whole": True}), "1.5", None),
        (spec("number", limits={"min": 1}), 0, None),
        (spec("number", limits={"max": 10}), 11, None),
        (spec("money"), "¥399.50", 39950),
        (spec("money"), "399元", 39900),
        (spec("money"), 12.3, 1230),
        (spec("money"), "1.005", None),
        (spec("money"), "-1", None),
        (spec("money"), "很多钱", None),
        (spec("money", limits={"max": 100}), "100.01", None),
        (spec("date"), "2026/11/23", "2026-11-23"),
        (spec("date"), "2026-02-30", None),
        (spec("date"), "明天", None),
        (spec("date", limits={"max": "2026-11-23"}), "2026-11-24", None),
        (spec("choice", options=OPTIONS), "red", "red"),
        (spec("choice", options=OPTIONS), "green", None),
        (spec("multi_choice", options=OPTIONS), ["red", "blue", "red"], ["red", "blue"]),
        (spec("multi_choice", options=OPTIONS), "red", ["red"]),
        (spec("multi_choice", options=OPTIONS, limits={"max_choices": 1}), ["red", "blue"], None),
        (spec("multi_choice", options=OPTIONS), ["green"], None),
        (spec("file"), "a" * 32, ["a" * 32]),
        (spec("file"), "../../etc/passwd", None),
    ],
)
def test_an_answer_is_stored_in_one_spelling_or_refused_with_a_sentence(field, typed, stored):
    clean, errors = rules.validate([field], {"f": typed}, {"category": "PD"})

    assert clean.get("f") == stored
    assert bool(errors.get("f")) is (stored is None)


BATCH = FieldSpec("batch", "text", "批次号", categories=("PD",), required_when={"all": []})
INJURY = FieldSpec(
    "injury",
    "text",
    "伤情",
    categories=("SF",),
    required_when={"all": [{"field": "category", "is": "under", "value": "SF.01"}]},
)
HOSPITAL = FieldSpec(
    "hospital",
    "text",
    "就诊医院",
    categories=("SF",),
    shown_when={"all": [{"field": "injury", "is": "filled"}]},
    required_when={"all": []},
)
FIELDS = [BATCH, INJURY, HOSPITAL]


@pytest.mark.parametrize(
    ("category", "answers", "clean", "wrong"),
    [
        ("PD.01", {}, {}, {"batch"}),
        ("PD.01", {"batch": "E2211"}, {"batch": "E2211"}, set()),
        ("SF.02", {}, {}, set()),
        ("SF.01.02", {}, {}, {"injury"}),
        ("SF.01.02", {"injury": "手红"}, {"injury": "手红"}, {"hospital"}),
        ("SF.02", {"batch": "E2211"}, {}, set()),  # not of this category: dropped
        ("PD.01", {"batch": "x", "hospital": "一院"}, {"batch": "x"}, set()),
        ("", {"batch": "x"}, {"batch": "x"}, set()),  # category unknown: kept, nothing required
        ("PD.01", {"batch": "x", "is_admin": 1}, {"batch": "x"}, {"is_admin"}),
    ],
)
def test_which_fields_are_asked_depends_on_category_and_answers(category, answers, clean, wrong):
    assert (clean, wrong) == (
        (result := rules.validate(FIELDS, answers, {"category": category}))[0],
        set(result[1]),
    )


def test_nothing_is_required_of_those_who_cannot_know():
    _clean, errors = rules.validate(FIELDS, {}, {"category": "PD"}, require=False)
    assert errors == {}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        (spec("money"), 39950, "¥399.50"),
        (spec("choice", options=OPTIONS), "red", "红"),
        (spec("multi_choice", options=OPTIONS), ["red", "blue"], "红、蓝"),
        (spec("file"), ["a" * 32], "1 个文件"),
        (spec("text"), "", ""),
    ],
)
def test_answers_are_shown_as_people_read_them(field, value, shown):
    assert rules.shown_value(field, value) == shown


@pytest.mark.parametrize(
    ("field", "faults"),
    [
        (BATCH, 0),
        (FieldSpec("Batch No", "text", "批次"), 1),
        (FieldSpec("x", "colour", "颜色"), 1),
        (FieldSpec("x", "choice", "颜色"), 1),
        (FieldSpec("x", "text", " "), 1),
        (FieldSpec("x", "text", "x", shown_when={"all": [{"field": "a", "is": "eval"}]}), 1),
        (FieldSpec("x", "text", "x", shown_when={"every": []}), 1),
    ],
)
def test_a_field_definition_is_checked(field, faults):
    assert len(rules.check_definition(field)) == faults


WHOLE = {
    "name": "赵敏",
    "phone": "13900001234",
    "order_no": "E1",
    "happened_on": "2026-11-20",
    "text": "电饭煲漏电，孩子手被电到了",
    "wanted": "退货",
    "category": "SF.04.01",
    "privacy_told": True,
    "recording_told": True,
    "channel": "phone",
}


@pytest.mark.parametrize(
    ("changed", "done", "missing"),
    [
        ({}, 9, ()),
        ({"happened_on": ""}, 8, ("发生时间",)),
        ({"channel": "letter", "recording_told": False}, 8, ()),
        ({"text": "坏了"}, 8, ("经过",)),
        ({"name": "", "phone": ""}, 7, ("称呼", "联系方式")),
        ({"name": "", "phone": "", "anonymous": True}, 9, ()),
        ({"order_no": "", "object": "人民路店"}, 9, ()),
    ],
)
def test_completeness_counts_what_is_there_and_names_what_is_not(changed, done, missing):
    found = rules.completeness({**WHOLE, **changed})
    assert (found.done, found.missing) == (done, missing)


def test_required_custom_fields_count_as_elements():
    found = rules.completeness(WHOLE, [("批次号", False), ("伤情", True)])
    assert (found.done, found.total, found.missing) == (10, 11, ("批次号",))


@pytest.mark.parametrize("key", ["", " ", "键", "a b", "a\n", "x" * 201])
def test_a_strange_idempotency_key_is_refused(key):
    assert rules.key_fault(key)


def test_the_same_body_in_another_order_is_the_same_body():
    assert rules.body_hash({"a": 1, "b": {"c": 2, "d": 3}}) == rules.body_hash(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )
    assert rules.body_hash({"a": 1}) != rules.body_hash({"a": 2})


def test_the_same_story_is_more_alike_than_another():
    story = "电饭煲外壳漏电，孩子手被电到了，型号 MB40"
    same, other, empty = rules.likeness(
        story, ["电饭煲漏电，把孩子的手电到了", "快递三天不派送，客服电话打不通", ""]
    )
    assert same > 0.4 > 0.1 > other
    assert empty == 0


def test_telling_bigrams_leave_out_what_everyone_says():
    assert "我们" not in rules.telling_bigrams("我们希望处理漏电问题")
    assert "漏电" in rules.telling_bigrams("我们希望处理漏电问题")


@pytest.mark.parametrize(
    ("code", "said"),
    [("A" * 26, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAAA"), ("ABC", "ABC"), ("", "")],
)
def test_a_code_is_shown_in_groups_that_can_be_read_out(code, said):
    assert rules.spoken_code(code) == said


@pytest.mark.parametrize(
    ("of_category", "risks", "speaks"),
    [
        ("H05", [], "H05"),
        ("H05", ["safety"], "H01"),
        ("H04", ["leak", "safety"], "H01"),
        ("H08", ["fraud", "media"], "H03"),
        ("", [], ""),
    ],
)
def test_danger_speaks_before_the_category(of_category, risks, speaks):
    assert rules.rule_that_speaks_first(of_category, risks) == speaks
