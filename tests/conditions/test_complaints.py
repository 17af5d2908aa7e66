"""Asked of an object and asked of the table, a condition has one answer."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.conditions import rules
from huiyin.ground.conditions.words import (
    NO,
    UNDERSTOOD,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    YES,
    Kind,
    Operator,
)
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.intake.models import Answer, Field, Intake
from huiyin.journey.intake.words import Via
from huiyin.journey.routing import conditions
from huiyin.journey.triage.words import Emotion, Risk
from tests.conftest import at, person, team

pytestmark = pytest.mark.django_db

NOW = at("2026-11-23 10:00")
CATEGORIES = ("", "PD", "PD.01", "PD.01.07", "PD.011", "SF.02.01", "DL.01.02")
WORDS = ("退款", "电饭煲", "不加热", "客服", "abc123", "款", "慢", "！！", "安全", "TS20", "王")
HOURS = (-1, 0, 1, "0.5", 4, 24, 100, 10**7)


@pytest.fixture
def fields(db):
    options = [{"value": v, "label": v} for v in ("a", "b", "c")]
    made = [
        Field(key="q_choice", type="choice", label="选", options=options),
        Field(key="q_multi", type="multi_choice", label="多选", options=options),
        Field(key="q_number", type="number", label="数"),
        Field(key="q_money", type="money", label="钱"),
        Field(key="q_date", type="date", label="日"),
        Field(key="q_text", type="text", label="字"),
    ]
    return Field.objects.bulk_create(made)


def answers(chance: random.Random) -> dict[str, object]:
    """In the spelling of intake.rules.fields: fen, ISO days, broken numbers as text."""
    every = {
        "q_choice": chance.choice("abc"),
        "q_multi": chance.sample("abc", chance.randint(1, 3)),
        "q_number": chance.choice([0, 3, "2.5", -7, "1E-7", 40]),
        "q_money": chance.choice([0, 39950, 40000, 100]),
        "q_date": chance.choice(["2026-11-01", "2026-11-23", "2025-12-31"]),
        "q_text": chance.choice(["是", "a", "坏了3次", "3"]),
    }
    return {key: value for key, value in every.items() if chance.random() < 0.6}


@pytest.fixture
def some(db, make_complaint, fields):
    """Complaints of every kind; `some(chance)` makes forty."""
    teams = [None, team("quality", "品质组"), team("logistics", "物流组")]
    people = [None, person("he", "何静", Role.AGENT), person("ma", "马丽", Role.AGENT)]
    customers = [
        Customer.objects.create(name="王芳"),
        Customer.objects.create(name="张三", level="vip", care=["senior"], language="en"),
        Customer.objects.create(name="", level="business", care=["senior", "minor"]),
    ]
    by_key = {field.key: field for field in fields}

    def make(chance: random.Random) -> list[Complaint]:
        made = []
        for _ in range(40):
            complaint = make_complaint(
                customer=chance.choice(customers),
                text="，".join(chance.sample(WORDS, 4)),
                subject=chance.choice(WORDS),
                channel=chance.choice(Channel.values),
                order_no=chance.choice(("", "A1", "3")),
                wanted=chance.choice(("", "退款")),
                status=chance.choice(Status.values),
                severity=chance.choice((None, 1, 2, 3, 4)),
                category=chance.choice(CATEGORIES),
                team=chance.choice(teams),
                assignee=chance.choice(people),
                owner=chance.choice(people),
                risks=chance.sample(Risk.values, chance.randint(0, 3)),
                emotion=chance.choice(("", *Emotion.values)),
                contact_count=chance.choice((1, 2, 3, 7)),
                received_at=NOW - timedelta(minutes=chance.choice((0, 30, 60, 240, 1440, 9999))),
                next_due_at=chance.choice(
                    (None, *(NOW + timedelta(minutes=m) for m in (-90, 0, 30, 240, 5000)))
                ),
                restricted=chance.random() < 0.3,
                supervised=chance.choice(("", "posted")),
            )
            Answer.objects.bulk_create(
                Answer(complaint=complaint, field=by_key[key], value=value)
                for key, value in answers(chance).items()
            )
            if chance.random() < 0.8:
                Intake.objects.create(complaint=complaint, via=chance.choice(Via.values))
            made.append(complaint)
        return made

    return make


def random_line(chance: random.Random, asked: list[conditions.Asked]) -> dict:
    attribute = chance.choice(asked)
    operator = chance.choice((*attribute.operators, *UNDERSTOOD[attribute.kind]))
    if operator in WITHOUT_VALUE:
        return {"field": attribute.key, "is": str(operator)}
    by_kind: dict[str, list] = {
        Kind.NUMBER: list(HOURS),
        Kind.YES: [YES, NO],
        Kind.LINE: ["A1", "3", "退款", "坏了"],
        Kind.TEXT: list(WORDS),
        Kind.DAY: ["2026-11-01", "2026-11-23", "2026-01-01"],
        Kind.CATEGORY: [c for c in CATEGORIES if c],
    }
    pool: list = [value for value, _label in attribute.choices()] or by_kind.get(
        attribute.kind, ["x"]
    )
    if attribute.kind == Kind.CATEGORY:
        pool = [c for c in CATEGORIES if c]
    several = operator in WITH_SEVERAL
    value = chance.sample(pool, min(len(pool), chance.randint(1, 3))) if several else None
    return {
        "field": attribute.key,
        "is": str(operator),
        "value": value if several else chance.choice(pool),
    }


def random_condition(chance: random.Random, asked: list[conditions.Asked], depth: int = 1) -> dict:
    lines = [
        random_condition(chance, asked, depth + 1)
        if depth < 3 and chance.random() < 0.2
        else random_line(chance, asked)
        for _ in range(chance.randint(0 if depth > 1 else 1, 3))
    ]
    return {chance.choice(("all", "any")): lines}


def test_an_object_and_the_table_answer_alike(some):
    """500 conditions × 40 complaints; the seed is in the message, so a failure can be repeated."""
    chance = random.Random(20261129)
    some(chance)
    asked = conditions.attributes()
    every = list(Complaint.objects.select_related("customer", "team", "assignee", "owner"))
    told = 0
    for _ in range(500):
        condition = rules.checked(random_condition(chance, asked), asked)
        found = set(
            Complaint.objects.filter(conditions.picked(condition, NOW)).values_list("pk", flat=True)
        )
        held = {c.pk for c in every if conditions.matches(condition, c, now=NOW)}
        assert found == held, condition
        told += bool(found) and len(found) < len(every)
    assert told > 100  # many of them tell some complaints from others


@pytest.mark.parametrize("key", sorted(conditions.BY_KEY))
def test_each_attribute_alone_with_each_of_its_operators(some, key):
    chance = random.Random(key)
    some(chance)
    asked = conditions.BY_KEY[key]
    every = list(Complaint.objects.select_related("customer", "team", "assignee", "owner"))
    for _ in range(25):
        condition = {"all": [random_line(chance, [asked])]}
        found = Complaint.objects.filter(conditions.picked(condition, NOW))
        held = {c.pk for c in every if conditions.matches(condition, c, now=NOW)}
        assert set(found.values_list("pk", flat=True)) == held, condition


def test_a_complaint_is_asked_before_it_is_in_the_table(wang_fang):
    with moment.at(NOW):
        complaint = Complaint.begin(
            customer=wang_fang, text="电饭煲不加热，要求退款", subject="电饭煲", channel="phone"
        )
    assert complaint._state.adding

    def is_so(field: str, is_: str, value: object) -> bool:
        line = {"field": field, "is": is_, "value": value}
        return conditions.matches({"all": [line]}, complaint, now=NOW)

    assert is_so("text", "contains", "不加热")
    assert is_so("text", "contains", "138 0013 8000")
    assert not is_so("text", "contains", "触电")
    assert is_so("channel", "one_of", ["phone"])
    assert is_so("received_hours", "at_most", 1)


def test_words_are_found_alike_before_and_after_the_row_is_written(some):
    chance = random.Random(5)
    made = some(chance)
    for words in (*WORDS, "退款 客服", "abc", "电饭煲 不", "慢客"):
        condition = {"all": [{"field": "text", "is": "contains", "value": words}]}
        for complaint in made:
            stored = conditions.matches(condition, complaint, now=NOW)
            complaint._state.adding = True
            assert conditions.matches(condition, complaint, now=NOW) is stored, words
            complaint._state.adding = False


def test_an_empty_group_is_always_or_never(make_complaint):
    make_complaint()
    assert Complaint.objects.filter(conditions.picked({"all": []}, NOW)).count() == 1
    assert not Complaint.objects.filter(conditions.picked({"any": []}, NOW)).exists()
    assert not Complaint.objects.filter(conditions.picked(None, NOW)).exists()
    nested: dict[str, Any] = {"any": [{"all": []}, {"any": []}]}
    assert Complaint.objects.filter(conditions.picked(nested, NOW)).count() == 1


def test_a_field_that_is_gone_was_answered_by_nobody(make_complaint):
    make_complaint()
    for is_, value, count in (("filled", None, 0), ("empty", None, 1), ("none_of", ["a"], 1)):
        line = {"field": "answer.gone", "is": is_} | ({"value": value} if value else {})
        found = Complaint.objects.filter(conditions.picked({"all": [line]}, NOW))
        assert found.count() == count, is_


def test_it_is_one_query(some, django_assert_num_queries):
    chance = random.Random(3)
    some(chance)
    asked = conditions.attributes()
    lines = [random_line(chance, [one]) for one in asked]
    built = conditions.picked({"any": lines}, NOW)
    with django_assert_num_queries(1):
        list(Complaint.objects.filter(Q(received_at__gte=NOW - timedelta(days=7)) & built))


def test_the_hour_of_receipt_is_of_the_wall_clock(make_complaint):
    complaint = make_complaint(received_at=at("2026-11-23 02:30"))  # a Monday; Sunday in UTC
    assert timezone.localtime(complaint.received_at).hour == 2
    night = {"all": [{"field": "received_hour", "is": "less", "value": 6}]}
    monday = {"all": [{"field": "received_weekday", "is": "one_of", "value": ["1"]}]}
    for condition in (night, monday):
        assert conditions.matches(condition, complaint, now=NOW)
        assert Complaint.objects.filter(conditions.picked(condition, NOW)).count() == 1


def test_a_condition_is_told_with_the_names_of_what_it_asks(fields, after_sales):
    condition = {
        "all": [
            {"field": "severity", "is": "one_of", "value": ["1"]},
            {"field": "team", "is": "one_of", "value": ["aftersales"]},
            {"field": "answer.q_choice", "is": "one_of", "value": ["a"]},
        ]
    }
    said = conditions.in_words(condition)
    assert said == f"严重程度 是 S1 紧急 且 小组 是 {after_sales.name} 且 选 是 a"


def test_operators_of_the_table_and_of_objects_are_the_same():
    assert set(conditions.STEPS) <= set(Operator)
