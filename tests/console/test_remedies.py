"""Remedies and the numbers of calculators in the console: fields, steps, limits, conditions."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.resolution.actions.calculating import calculate
from huiyin.journey.resolution.models import Figure, Remedy
from huiyin.surface.console.models import ConfigChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(manager, signed_in):
    return signed_in(manager)


def remedy(code="RMD.14") -> Remedy:
    return Remedy.objects.get(code=code)


def test_a_remedy_is_shown_as_handlers_and_customers_meet_it(boss):
    told = boss.get("/console/remedies/RMD.05/").text
    assert "客户读到的" in told and "面额" in told and "发放优惠券" in told
    assert "什么时候推荐" in told and "会在" in told


def test_fields_steps_and_limits_are_edited_and_the_history_tells_it(boss, fill):
    row = remedy()
    fields = [*row.fields, {"name": "when_paid", "label_zh": "付款日期", "type": "date"}]
    steps = [{"what_zh": "退运费", "by": "finance", "days": 2}]
    answer = fill(
        boss,
        "remedies",
        row,
        limit="300",
        own_fields=json.dumps(fields),
        steps=json.dumps(steps),
    )
    assert answer.status_code == 302
    row = remedy()
    assert row.limit_fen == 30_000
    assert [one["name"] for one in row.fields] == ["waybill", "when_paid"]
    assert row.execution == [{"what_zh": "退运费", "what_en": "", "by": "finance", "days": 2}]
    change = ConfigChange.objects.order_by("-pk").first()
    assert change is not None
    assert "付款日期" in json.dumps(change.changes, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("own_fields", '[{"name": "A", "label_zh": "x", "type": "text"}]', "字段代码"),
        ("own_fields", "[", "写法不对"),
        ("own_fields", '{"a": 1}', "写法不对"),
        ("own_fields", "[" * 3000, "写法不对"),
        ("own_fields", "x" * 50_000, "写得太多"),
        ("steps", '[{"what_zh": "x", "by": "boss", "days": 1}]', "由谁执行"),
        ("steps", '[{"what_zh": "x", "by": "finance", "days": 99}]', "期限"),
        ("limit", "-1", ""),
        ("limit_percent", "-1", ""),
        ("fits", '{"all": [{"field": "boo", "is": "under", "value": ["PD"]}]}', "没有“boo”"),
        ("response_kind", "", ""),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(boss, fill, name, typed, sentence):
    before = remedy()
    answer = fill(boss, "remedies", before, **{name: typed})
    assert answer.status_code in (200, 422)
    assert sentence in answer.text
    after = remedy()
    assert (after.fields, after.execution, after.fits) == (
        before.fields,
        before.execution,
        before.fits,
    )


def test_a_remedy_that_pays_says_which_kind_of_money(boss, fill):
    answer = fill(boss, "remedies", remedy(), money_kind="")
    assert answer.status_code in (200, 422)
    assert "请选金额性质" in answer.text


def test_a_condition_is_tried_on_the_last_complaints(boss, make_complaint):
    one = make_complaint(category="PD.01.07")
    condition = {"all": [{"field": "category", "is": "under", "value": ["PD.01"]}]}
    told = boss.post("/remedies/fitting/", {"condition": json.dumps(condition)}).text
    assert "会在 1 件上推荐" in told and one.number in told
    found = {"all": [{"field": "liability", "is": "one_of", "value": ["RSP.1"]}]}
    assert "会在 0 件" in boss.post("/remedies/fitting/", {"condition": json.dumps(found)}).text
    assert boss.post("/remedies/fitting/", {"condition": "[["}).status_code == 422
    assert "没有条件" in boss.post("/remedies/fitting/", {"condition": ""}).text


def test_a_condition_shows_nobody_what_he_may_not_see(client, sun, make_complaint, after_sales):
    one = make_complaint(category="PD.01.07", team=after_sales)
    client.force_login(sun)
    always = {"condition": json.dumps({"all": []})}
    assert one.number not in client.post("/remedies/fitting/", always).text


def test_a_number_of_the_law_is_changed_by_a_new_row_and_counts_at_once(boss, fill):
    old = Figure.objects.get(code="fraud.times")
    today = moment.today().isoformat()
    answer = fill(
        boss,
        "figures",
        code="fraud.times",
        calculator="fraud",
        name_zh="欺诈增加赔偿的倍数",
        amount="4",
        unit="times",
        law="消费者权益保护法",
        article="第五十五条",
        mark="S",
        source="新闻",
        valid_from=today,
    )
    assert answer.status_code == 302
    assert Figure.objects.filter(code="fraud.times").count() == 2
    result = calculate("fraud", {"price": 100_000})
    assert result.amount_fen == 400_000
    assert any("没有与法律原文核对过" in one for one in result.warnings)
    told = boss.get(f"/console/figures/{Figure.objects.latest('pk').pk}/").text
    assert "没有与法律原文核对过" in told, "its page carries the banner"
    assert Figure.objects.get(pk=old.pk).value == 3


def test_a_number_that_begins_later_does_not_count_yet():
    Figure.objects.create(
        code="fraud.times",
        calculator="fraud",
        name_zh="x",
        value=9,
        unit="times",
        mark="D",
        source="x",
        valid_from=moment.today() + timedelta(days=1),
    )
    assert calculate("fraud", {"price": 100_000}).amount_fen == 300_000


def test_money_is_typed_in_yuan(boss, fill):
    row = Figure.objects.get(code="fraud.least")
    assert "¥500.00" in boss.get("/console/figures/?q=fraud.least").text
    assert fill(boss, "figures", row, amount="600.50").status_code == 302
    assert Figure.objects.get(pk=row.pk).value == 60_050


@pytest.mark.parametrize("amount", ["-1", "1.5", "abc", "99999999999999"])
def test_a_number_that_cannot_be(boss, fill, amount):
    row = Figure.objects.get(code="fraud.times")
    assert fill(boss, "figures", row, amount=amount).status_code in (200, 422)
    assert Figure.objects.get(pk=row.pk).value == 3


def test_two_rows_of_one_number_on_one_day(boss, fill):
    row = Figure.objects.get(code="fraud.times")
    answer = fill(
        boss,
        "figures",
        code=row.code,
        calculator="fraud",
        name_zh="x",
        amount="4",
        unit="times",
        mark="D",
        source="x",
        valid_from=row.valid_from.isoformat(),
    )
    assert answer.status_code in (200, 409, 422)
    assert Figure.objects.filter(code=row.code).count() == 1
