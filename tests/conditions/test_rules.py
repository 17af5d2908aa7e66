"""The grammar on paper: what is a condition, when it holds, how it reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from huiyin.ground.conditions import rules
from huiyin.ground.conditions.rules import Attribute
from huiyin.ground.conditions.words import OFFERED, UNDERSTOOD, Kind, Operator

ATTRIBUTES = (
    Attribute("severity", "严重程度", Kind.CHOICE, lambda: [("1", "S1"), ("2", "S2")]),
    Attribute("category", "类别", Kind.CATEGORY),
    Attribute("risks", "风险", Kind.SET),
    Attribute("hours", "受理至今", Kind.NUMBER, unit="小时"),
    Attribute("overdue", "已超时", Kind.YES),
    Attribute("order_no", "订单号", Kind.LINE),
    Attribute("text", "全文", Kind.TEXT),
)


def line(field: str, is_: str, value: object = None) -> dict:
    return {"field": field, "is": is_} | ({} if value is None else {"value": value})


FACTS = {"severity": 1, "category": "PD.01.02", "risks": ["safety"], "hours": 5, "order_no": ""}
TABLE = [
    (line("severity", "one_of", ["1", "2"]), True),
    (line("severity", "one_of", ["2"]), False),
    (line("severity", "none_of", ["2"]), True),
    (line("category", "under", ["PD.01"]), True),
    (line("category", "under", ["PD.0"]), False),
    (line("category", "under", "PD"), True),
    (line("category", "not_under", ["SF"]), True),
    (line("risks", "has_any", ["safety", "media"]), True),
    (line("risks", "has_all", ["safety", "media"]), False),
    (line("risks", "has_none", ["media"]), True),
    (line("hours", "at_least", 5), True),
    (line("hours", "more", "5.0"), False),
    (line("hours", "less", "5.5"), True),
    (line("order_no", "empty"), True),
    (line("order_no", "filled"), False),
    (line("unknown", "filled"), False),
    (line("unknown", "none_of", ["x"]), True),
    (line("unknown", "at_least", 0), False),
]


@pytest.mark.parametrize(("one", "is_so"), TABLE)
def test_a_line_holds(one, is_so):
    assert rules.holds({"all": [one]}, FACTS) is is_so
    assert rules.holds({"any": [one]}, FACTS) is is_so


def test_groups_within_groups():
    no, yes = TABLE[1][0], TABLE[0][0]
    assert rules.holds({"all": [yes, {"any": [no, {"all": [yes, yes]}]}]}, FACTS)
    assert not rules.holds({"all": [yes, {"any": [no, {"all": [yes, no]}]}]}, FACTS)
    assert rules.holds({"all": []}, FACTS)
    assert not rules.holds({"any": []}, FACTS)
    assert not rules.holds(None, FACTS)


deep: dict = line("severity", "filled")
for _ in range(rules.DEEPEST + 1):
    deep = {"all": [deep]}

HOSTILE: list[Any] = [
    None,
    [],
    "all",
    {},
    {"none": []},
    {"all": {}},
    {"all": [], "any": []},
    {"all": [None]},
    {"all": [[]]},
    {"all": ["x"]},
    deep,
    {"all": [line("severity", "filled")] * (rules.MOST_LINES + 1)},
    {"all": [{"any": []}] * rules.MOST_GROUPS},
    {"all": [{**line("severity", "filled"), "sql": "1=1"}]},
    {"all": [line("password", "filled")]},
    {"all": [line("customer__contact_points__value", "filled")]},
    {"all": [{"field": ["severity"], "is": "filled"}]},
    {"all": [{"field": "severity", "is": ["one_of"]}]},
    {"all": [line("severity", "regex", ".*")]},
    {"all": [line("severity", "contains", "1")]},
    {"all": [line("severity", "one_of")]},
    {"all": [line("severity", "one_of", [])]},
    {"all": [line("severity", "one_of", [""])]},
    {"all": [line("severity", "one_of", [{"a": 1}])]},
    {"all": [line("severity", "one_of", [True])]},
    {"all": [line("severity", "one_of", [["1"]])]},
    {"all": [line("severity", "one_of", [str(n) for n in range(rules.MOST_VALUES + 1)])]},
    {"all": [line("category", "under", "P" * (rules.LONGEST_VALUE + 1))]},
    {"all": [line("text", "contains", "a\x00b")]},
    {"all": [line("text", "contains", "\ud800")]},
    {"all": [line("text", "contains", ["a", "b"])]},
    {"all": [line("hours", "at_least", "many")]},
    {"all": [line("hours", "at_least", float("nan"))]},
    {"all": [line("hours", "at_least", float("inf"))]},
    {"all": [line("hours", "at_least", "1e999999")]},
    {"all": [line("hours", "at_least", 10**400)]},
    {"all": [line("hours", "at_least", "0.0001")]},
    {"all": [line("hours", "at_least", [1, 2])]},
    {"all": [line("overdue", "equal", "perhaps")]},
]


@pytest.mark.parametrize("condition", HOSTILE, ids=lambda c: ascii(c)[:50])
def test_what_is_no_condition_is_refused_with_a_sentence(condition):
    sentence = rules.fault(condition, ATTRIBUTES)
    assert sentence
    assert sentence.encode()  # can be written to whoever sent it
    assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)


def test_a_condition_comes_back_as_it_is_kept():
    typed = {"all": [line("severity", "one_of", 1), line("hours", "less", "24.0")]}
    assert rules.checked(typed, ATTRIBUTES) == {
        "all": [line("severity", "one_of", "1"), line("hours", "less", 24)]
    }
    fixed = rules.checked(typed, ATTRIBUTES)
    assert rules.checked(fixed, ATTRIBUTES) == fixed


def test_every_operator_is_offered_or_understood_and_can_be_judged():
    told = {one for kind in Kind for one in (*OFFERED[kind], *UNDERSTOOD[kind])}
    assert told == set(Operator) == set(rules.OPERATORS)


def test_it_reads_as_a_sentence():
    condition = {
        "all": [
            line("severity", "one_of", ["1", "2"]),
            {"any": [line("category", "under", ["PD"]), line("hours", "at_most", 24)]},
            line("order_no", "empty"),
        ]
    }
    said = rules.in_words(condition, ATTRIBUTES)
    assert (
        said == "严重程度 是 S1、S2 且 （类别 属于 PD 或 受理至今 不大于 24 小时） 且 订单号 为空"
    )
    assert rules.in_words({"all": []}, ATTRIBUTES) == "总是"
    assert rules.in_words({"any": []}, ATTRIBUTES) == "从不"
    assert rules.in_words(None, ATTRIBUTES) == ""
    with translation.override("en"):
        assert rules.in_words({"all": [line("overdue", "equal", "yes")]}, ATTRIBUTES)
