"""The calculators as tables that a manager can read: what was typed, what comes out, and why.

Money stands here in yuan. The numbers (500, 1000, 3, 10, 7 …) are the rows every house begins with.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.journey.resolution import calculators, reference
from huiyin.journey.resolution.calculators import Known, Number, Result
from huiyin.journey.resolution.calculators.reckoning import MOST_FEN
from huiyin.journey.resolution.shapes import Wrong
from huiyin.journey.resolution.words import Calculator

NUMBERS = {
    row["code"]: Number(
        row["code"], row["value"], row["law"], row["article"], row["mark"], row["note"]
    )
    for row in reference.figure_rows()
}
WEEKEND = (5, 6)


def to_monday(day: date) -> date:
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return day


KNOWN = Known(NUMBERS, to_monday)
IN_YUAN = {
    *("paid", "price", "loss", "face", "used", "unit", "freight", "needed"),
    *("back", "first", "again"),
}


def work_out(kind: str, **answers: Any) -> Result:
    typed = {
        name: round(value * 100) if name in IN_YUAN and isinstance(value, int | float) else value
        for name, value in answers.items()
    }
    return calculators.calculate(kind, typed, KNOWN)


def told(result: Result) -> str:
    """Everything the calculator says, to look for words in."""
    lines = [f"{s['label']} {s['value']} {s['source']}" for s in result.steps]
    return "\n".join([*lines, *result.warnings])


def yuan(result: Result) -> float:
    return result.amount_fen / 100


# --- 七日无理由退货 ----------------------------------------------------------------------------

# 2026-11-02 is a Monday: the seventh day after it is Monday 2026-11-09.
SEVEN_DAYS = [
    # 货款, 收货, 提出, 商品, 退货运费, 运费归我们, → 应退, 一句话
    (299, "2026-11-02", "2026-11-02", "plain", 0, False, 299, "2026-11-09"),
    (299, "2026-11-02", "2026-11-09", "plain", 0, False, 299, "退还货款"),
    (299, "2026-11-02", "2026-11-10", "plain", 0, False, 0, "已超过七日"),
    (299, "2026-11-02", "2026-11-05", "plain", 12, False, 299, "退货运费由客户承担"),
    (299, "2026-11-02", "2026-11-05", "plain", 12, True, 311, "按约定由我们承担"),
    (299, "2026-11-02", "2026-11-05", "custom", 0, False, 0, "定作"),
    (299, "2026-11-02", "2026-11-05", "fresh", 0, False, 0, "鲜活易腐"),
    (299, "2026-11-02", "2026-11-05", "digital", 0, False, 0, "数字化商品"),
    (299, "2026-11-02", "2026-11-05", "press", 0, False, 0, "报纸"),
    (299, "2026-11-02", "2026-11-05", "confirmed", 0, False, 0, "购买时已确认"),
    # received on a Saturday: the last day is a Saturday and moves on to Monday
    (58.5, "2026-11-07", "2026-11-16", "plain", 0, False, 58.5, "2026-11-14 → 2026-11-16"),
    (58.5, "2026-11-07", "2026-11-17", "plain", 0, False, 0, "已超过七日"),
    (0.01, "2026-02-28", "2026-03-07", "plain", 0, False, 0.01, "消费者权益保护法"),
]


@pytest.mark.parametrize(
    ("paid", "received", "asked", "goods", "freight", "ours", "amount", "says"), SEVEN_DAYS
)
def test_seven_days(paid, received, asked, goods, freight, ours, amount, says):
    result = work_out(
        Calculator.SEVEN_DAYS,
        paid=paid,
        received_on=received,
        asked_on=asked,
        goods=goods,
        freight=freight,
        freight_ours=ours,
    )
    assert yuan(result) == amount
    assert says in told(result)


def test_seven_days_says_until_when_we_refund():
    result = work_out(
        Calculator.SEVEN_DAYS,
        paid=100,
        received_on="2026-11-02",
        asked_on="2026-11-03",
        goods="plain",
        back_on="2026-11-06",
    )
    assert "2026-11-13" in told(result)


# --- 预付卡退费 --------------------------------------------------------------------------------

PREPAID = [
    # 卡, 实付, 总面值/总次数, 已用, 单次原价, 谁的原因 → 应退, 一句话
    ("money", 3000, 4000, 1000, None, "trader", 2250, "75%"),  # 已用 1000 × 75% = 750
    ("money", 3000, 4000, 1000, None, "other", 2250, "按优惠比例"),
    ("money", 3000, 4000, 1000, None, "consumer", 2000, "按原价扣除"),
    ("money", 3000, 3000, 1000, None, "trader", 2000, "100%"),  # 没有赠送：两种算法相同
    ("money", 3000, 3000, 1000, None, "consumer", 2000, "按原价扣除"),
    ("money", 3000, 4000, 0, None, "consumer", 3000, "余额"),
    ("money", 3000, 4000, 4000, None, "trader", 0, "余额"),
    ("money", 3000, 4000, 3500, None, "consumer", 0, "没有余额可退"),
    ("money", 1000, 1300, 100, None, "trader", 923.08, "四舍五入"),  # 76.923… → 76.92
    ("times", 2000, 20, 5, 150, "trader", 1500, "× 5 ÷ 20"),
    ("times", 2000, 20, 5, 150, "consumer", 1250, "5 × ¥150.00"),
    ("times", 2000, 20, 14, 150, "consumer", 0, "没有余额可退"),
    ("times", 2000, 20, 20, 150, "trader", 0, "余额"),
    ("times", 100, 3, 1, 50, "trader", 66.67, "≈ ¥33.33"),
    ("period", 3650, 365, 100, 15, "trader", 2650, "× 100 ÷ 365"),
    ("period", 3650, 365, 100, 15, "consumer", 2150, "100 × ¥15.00"),
]


@pytest.mark.parametrize(
    ("card", "paid", "whole", "used", "unit", "fault", "amount", "says"), PREPAID
)
def test_prepaid_card(card, paid, whole, used, unit, fault, amount, says):
    own = (
        {"face": whole, "used": used}
        if card == "money"
        else {"total_count": whole, "used_count": used, "unit": unit}
    )
    result = work_out(Calculator.PREPAID, card=card, paid=paid, fault=fault, **own)
    assert yuan(result) == amount
    assert says in told(result)
    assert "预付式消费司法解释" in told(result)


PREPAID_SEVEN_DAYS = [
    # 付款, 提出, 享受过同样的服务 → 应退（实付 3000、面值 4000、已用 1000、消费者原因）
    ("2026-11-02", "2026-11-09", False, 3000, "退还全部本金"),
    ("2026-11-02", "2026-11-10", False, 2000, "已超过"),
    ("2026-11-02", "2026-11-03", True, 2000, "享受过同样的服务"),
    (None, "2026-11-03", False, 2000, "按原价扣除"),
]


@pytest.mark.parametrize(("paid_on", "asked_on", "had", "amount", "says"), PREPAID_SEVEN_DAYS)
def test_prepaid_card_within_seven_days(paid_on, asked_on, had, amount, says):
    result = work_out(
        Calculator.PREPAID,
        card="money",
        paid=3000,
        face=4000,
        used=1000,
        fault="consumer",
        paid_on=paid_on,
        asked_on=asked_on,
        had_before=had,
    )
    assert yuan(result) == amount
    assert says in told(result)


INTEREST = [
    # 谁的原因, 年利率（百分之一个百分点）, 天数 → 余额 2250 或 2000 加利息
    ("trader", 310, 365, 2250 + 69.75, "一年期 LPR"),
    ("consumer", 35, 365, 2000 + 7, "存款利率"),
    ("trader", 310, 100, 2250 + 19.11, "≈ ¥19.11"),
    ("trader", 310, 0, 2250, "余额"),
]


@pytest.mark.parametrize(("fault", "rate", "days", "amount", "says"), INTEREST)
def test_prepaid_card_with_interest(fault, rate, days, amount, says):
    result = work_out(
        Calculator.PREPAID,
        card="money",
        paid=3000,
        face=4000,
        used=1000,
        fault=fault,
        rate=rate,
        interest_days=days,
    )
    assert yuan(result) == pytest.approx(amount, abs=0.001)
    assert says in told(result)


# --- 退一赔三 ----------------------------------------------------------------------------------

FRAUD = [
    # 价款, 同时退款 → 合计, 一句话
    (1000, True, 4000, "× 3"),
    (1000, False, 3000, "× 3"),
    (100, True, 600, "不足 ¥500.00"),  # 300 < 500
    (166.66, False, 500, "不足 ¥500.00"),  # 499.98
    (166.67, False, 500.01, "× 3"),
    (0.01, True, 500.01, "不足 ¥500.00"),
]


@pytest.mark.parametrize(("price", "refund", "amount", "says"), FRAUD)
def test_fraud(price, refund, amount, says):
    result = work_out(Calculator.FRAUD, price=price, refund=refund)
    assert yuan(result) == amount
    assert says in told(result)
    assert "《消费者权益保护法》第五十五条" in told(result)
    assert "会签" in told(result)


def test_harm_done_knowingly_shows_the_most_that_may_be_added_and_adds_nothing_by_itself():
    result = work_out(Calculator.FRAUD, price=1000, refund=True, knowing=True, loss=20_000)
    assert yuan(result) == 4000
    assert "最多另加 ¥40,000.00" in told(result)


# --- 食品 --------------------------------------------------------------------------------------

FOOD = [
    # 价款, 损失, 同时退款, 同时担损失 → 合计, 一句话
    (200, 0, False, False, 2000, "× 10"),
    (200, 0, True, False, 2200, "退还价款"),
    (20, 0, False, False, 1000, "不足 ¥1,000.00"),
    (99.99, 0, False, False, 1000, "不足 ¥1,000.00"),
    (100, 0, False, False, 1000, "× 10"),
    (50, 800, False, False, 2400, "× 3"),  # 3 × 800 > 10 × 50
    (300, 800, False, False, 3000, "较高"),  # 10 × 300 > 3 × 800
    (50, 800, True, True, 3250, "凭票据"),
]


@pytest.mark.parametrize(("price", "loss", "refund", "pay_loss", "amount", "says"), FOOD)
def test_food(price, loss, refund, pay_loss, amount, says):
    result = work_out(Calculator.FOOD, price=price, loss=loss, refund=refund, pay_loss=pay_loss)
    assert yuan(result) == amount
    assert says in told(result)
    assert "2025 年修正" in told(result), "the text of 2021 was read: it says so"


def test_food_with_a_flaw_of_the_label_only():
    result = work_out(Calculator.FOOD, price=200, label_only=True, refund=True)
    assert yuan(result) == 200
    assert "不适用十倍" in told(result)


def test_food_bought_knowingly_counts_what_a_household_needs():
    result = work_out(Calculator.FOOD, price=5000, knowing=True, needed=150)
    assert yuan(result) == 1500
    assert "合理生活消费需要" in told(result)


# --- 运费 --------------------------------------------------------------------------------------

FREIGHT = [
    # 原因, 退货运费, 首次运费, 再寄运费, 约定归我们 → 应退, 一句话
    ("quality", 12, 8, 0, False, 20, "第二十四条"),
    ("quality", 12, 0, 9, False, 21, "再次寄送"),
    ("ours", 12, 0, 0, False, 12, "由我们承担"),
    ("no_reason", 12, 8, 0, False, 0, "由客户承担"),
    ("no_reason", 12, 8, 0, True, 12, "双方约定"),
    ("customer", 12, 0, 0, False, 0, "由客户承担"),
    ("quality", 100.01, 0, 0, False, 100.01, "附运费凭证"),
]


@pytest.mark.parametrize(("reason", "back", "first", "again", "agreed", "amount", "says"), FREIGHT)
def test_freight(reason, back, first, again, agreed, amount, says):
    result = work_out(
        Calculator.FREIGHT, reason=reason, back=back, first=first, again=again, agreed=agreed
    )
    assert yuan(result) == amount
    assert says in told(result)


# --- 部分退款 ----------------------------------------------------------------------------------

PARTIAL = [
    # 货款, 程度, 总件数, 瑕疵件数, 我方责任 → 应退
    (200, "slight", None, None, None, 20),
    (200, "visible", None, None, None, 40),
    (200, "function", None, None, None, 80),
    (200, "severe", None, None, None, 140),
    (300, "function", 3, 1, None, 40),
    (300, "function", 3, 0, None, 0),
    (300, "function", 3, 3, 50, 60),
    (300, "function", None, None, 0, 0),
    (99.99, "slight", None, None, None, 10),  # 9.999 → 10.00
    (0.04, "slight", None, None, None, 0),  # 0.004 → 0.00
    (0.05, "slight", None, None, None, 0.01),  # 0.005 → 0.01：half up
    (100, "slight", 3, 1, 70, 2.33),  # 100 ÷ 3 × 10% × 70% = 2.333…: rounded once
]


@pytest.mark.parametrize(("paid", "degree", "total", "faulty", "share", "amount"), PARTIAL)
def test_part_of_the_price(paid, degree, total, faulty, share, amount):
    result = work_out(
        Calculator.PARTIAL, paid=paid, degree=degree, total=total, faulty=faulty, share=share
    )
    assert yuan(result) == amount
    assert "不是法定标准" in told(result)


# --- what is typed wrongly ---------------------------------------------------------------------

OK: dict[str, dict[str, Any]] = {
    Calculator.SEVEN_DAYS: {
        "paid": 10000,
        "received_on": "2026-11-02",
        "asked_on": "2026-11-03",
        "goods": "plain",
    },
    Calculator.PREPAID: {
        "card": "money",
        "paid": 10000,
        "face": 10000,
        "used": 0,
        "fault": "trader",
    },
    Calculator.FRAUD: {"price": 10000},
    Calculator.FOOD: {"price": 10000},
    Calculator.FREIGHT: {"reason": "quality", "back": 1000},
    Calculator.PARTIAL: {"paid": 10000, "degree": "slight"},
}
WRONG = [
    (Calculator.FRAUD, {"price": None}, "请填写“商品或服务的价款"),
    (Calculator.FRAUD, {"price": 0}, "价款要大于 0"),
    (Calculator.FRAUD, {"price": -1}, "金额不对"),
    (Calculator.FRAUD, {"price": MOST_FEN + 1}, "金额不对"),
    (Calculator.FRAUD, {"price": 10**400}, "金额不对"),
    (Calculator.FRAUD, {"price": 99.5}, "金额不对"),
    (Calculator.FRAUD, {"price": True}, "金额不对"),
    (Calculator.FRAUD, {"price": "100"}, "金额不对"),
    (Calculator.FRAUD, {"price": [1]}, "金额不对"),
    (Calculator.FRAUD, {"refund": "yes"}, "只能回答是或否"),
    (Calculator.FRAUD, {"boo": 1}, "没有“boo”"),
    (Calculator.FRAUD, {"loss": 1, "knowing": True, "price": {}}, "金额不对"),
    (Calculator.FOOD, {"knowing": True, "needed": 10001}, "不会超过总价款"),
    (Calculator.SEVEN_DAYS, {"received_on": "2026-02-30"}, "不是一个存在的日期"),
    (Calculator.SEVEN_DAYS, {"received_on": "0001-01-01"}, "不是一个存在的日期"),
    (Calculator.SEVEN_DAYS, {"received_on": "9999-12-31"}, "不是一个存在的日期"),
    (Calculator.SEVEN_DAYS, {"received_on": "２０２６-11-02"}, "不是一个存在的日期"),
    (Calculator.SEVEN_DAYS, {"received_on": 20261102}, "不是一个存在的日期"),
    (Calculator.SEVEN_DAYS, {"asked_on": "2026-11-01"}, "早于收货日期"),
    (Calculator.SEVEN_DAYS, {"goods": "boo"}, "请从列表中选择"),
    (Calculator.PREPAID, {"paid": 0}, "大于 0"),
    (Calculator.PREPAID, {"face": 9999}, "不会少于实际支付"),
    (Calculator.PREPAID, {"used": 10001}, "超过了卡内总面值"),
    (Calculator.PREPAID, {"card": "times", "total_count": 0}, "请填写“已用次数"),
    (Calculator.PREPAID, {"rate": 3601}, "百分数"),
    (Calculator.PREPAID, {"interest_days": -1}, "整数"),
    (Calculator.PREPAID, {"paid_on": "2026-11-02", "asked_on": "2026-11-01"}, "早于付款日期"),
    (Calculator.PARTIAL, {"share": 101}, "0 到 100"),
    (Calculator.PARTIAL, {"total": 2, "faulty": 3}, "比总件数还多"),
    (Calculator.PARTIAL, {"total": 0}, "总件数要大于 0"),
    (Calculator.PARTIAL, {"degree": ["slight"]}, "请从列表中选择"),
    (Calculator.FREIGHT, {"back": None}, "请填写"),
]


@pytest.mark.parametrize(("kind", "change", "sentence"), WRONG)
def test_what_cannot_be_is_refused_in_a_sentence(kind, change, sentence):
    with pytest.raises(Wrong, match=sentence):
        calculators.calculate(kind, {**OK[kind], **change}, KNOWN)


@pytest.mark.parametrize("typed", [None, [], "x", 5])
def test_answers_that_are_none(typed):
    with pytest.raises(Wrong, match="写法不对"):
        calculators.calculate(Calculator.FRAUD, typed, KNOWN)


def test_cards_by_count_are_checked_too():
    own = {"card": "times", "total_count": 3, "used_count": 4, "unit": 100}
    with pytest.raises(Wrong, match="比总数还多"):
        typed = {"paid": 10000, "fault": "trader", **own}
        calculators.calculate(Calculator.PREPAID, typed, KNOWN)


@pytest.mark.parametrize("kind", Calculator.values)
def test_a_number_that_is_missing_is_named(kind):
    with pytest.raises(Wrong, match="缺少计算用的数字"):
        calculators.calculate(kind, OK[kind], Known({}))


@pytest.mark.parametrize("kind", Calculator.values)
def test_each_calculator_shows_its_steps_and_where_they_stand(kind):
    result = calculators.calculate(kind, OK[kind], KNOWN)
    assert result.steps
    assert all(set(step) == {"label", "value", "source"} for step in result.steps)
    assert any(step["source"] for step in result.steps)


@pytest.mark.parametrize("mark", ["S", "K"])
def test_a_number_nobody_compared_with_the_law_carries_a_banner(mark):
    numbers = dict(NUMBERS)
    numbers["fraud.times"] = Number("fraud.times", 3, "消费者权益保护法", "第五十五条", mark)
    result = calculators.calculate(Calculator.FRAUD, {"price": 10000}, Known(numbers))
    assert "未经核对" in told(result)
    assert any("法务确认" in warning for warning in result.warnings)


def test_other_numbers_give_other_sums():
    """Nothing of the law stands in the code: with other rows it comes out otherwise."""
    numbers = {**NUMBERS, "fraud.times": Number("fraud.times", 4, "新法", "第一条")}
    result = calculators.calculate(Calculator.FRAUD, {"price": 100_000}, Known(numbers))
    assert result.amount_fen == 400_000
    assert "《新法》第一条" in told(result)


@given(
    paid=st.integers(1, MOST_FEN),
    extra=st.integers(0, 10**9),
    used=st.integers(0, MOST_FEN),
    fault=st.sampled_from(["trader", "other", "consumer"]),
)
def test_a_card_never_gives_back_more_than_was_paid_nor_less_than_nothing(paid, extra, used, fault):
    face = min(paid + extra, MOST_FEN)
    used = min(used, face)
    typed = {"card": "money", "paid": paid, "face": face, "used": used, "fault": fault}
    amount = calculators.calculate(Calculator.PREPAID, typed, KNOWN).amount_fen
    assert 0 <= amount <= paid
    by_list = calculators.calculate(Calculator.PREPAID, {**typed, "fault": "consumer"}, KNOWN)
    assert amount >= by_list.amount_fen, "whoever is not at fault never gets less"
