"""A prepaid card given back: what was paid less the part used (预付式消费司法解释, 2025)."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.resolution.calculators.reckoning import (
    Answers,
    Known,
    Question,
    Result,
    percent,
    rounded,
    yuan,
)
from huiyin.journey.resolution.shapes import Wrong
from huiyin.journey.resolution.words import Ask

NAME = gettext_lazy("预付卡退费")
ABOUT = gettext_lazy(
    "储值卡、次卡、期限卡退卡：已用部分怎样计价，看退卡是谁的原因；七日内未使用的全额退。"
)
BY_MONEY, BY_COUNT = ("money",), ("times", "period")
QUESTIONS = (
    Question(
        "card",
        gettext_lazy("卡的种类"),
        Ask.CHOICE,
        choices=(
            ("money", gettext_lazy("储值卡（按金额）")),
            ("times", gettext_lazy("次卡（按次数）")),
            ("period", gettext_lazy("期限卡（按天数）")),
        ),
    ),
    Question("paid", gettext_lazy("实际支付（元）"), help=gettext_lazy("客户真正付的钱，不含赠送")),
    Question(
        "face",
        gettext_lazy("卡内总面值（元）"),
        help=gettext_lazy("含赠送金额；没有赠送时与实际支付相同"),
        when=("card", BY_MONEY),
    ),
    Question(
        "used",
        gettext_lazy("已用部分的原价（元）"),
        help=gettext_lazy("按原价、未打折计算"),
        when=("card", BY_MONEY),
    ),
    Question("total_count", gettext_lazy("总次数或总天数"), Ask.COUNT, when=("card", BY_COUNT)),
    Question("used_count", gettext_lazy("已用次数或天数"), Ask.COUNT, when=("card", BY_COUNT)),
    Question("unit", gettext_lazy("单次或单日原价（元）"), when=("card", BY_COUNT)),
    Question(
        "fault",
        gettext_lazy("退卡是谁的原因"),
        Ask.CHOICE,
        choices=(
            ("trader", gettext_lazy("经营者：停业、搬迁、不履行、降低服务等")),
            ("other", gettext_lazy("不能归责于任何一方")),
            ("consumer", gettext_lazy("消费者自身原因")),
        ),
    ),
    Question("paid_on", gettext_lazy("付款日期"), Ask.DATE, required=False),
    Question("asked_on", gettext_lazy("提出退卡的日期"), Ask.DATE, required=False),
    Question("had_before", gettext_lazy("付款前已经享受过同样的服务"), Ask.YES),
    Question(
        "rate",
        gettext_lazy("年利率（%）"),
        Ask.RATE,
        required=False,
        help=gettext_lazy("要付利息时填写；经营者原因按一年期 LPR，其他按存款利率"),
    ),
    Question("interest_days", gettext_lazy("计息天数"), Ask.COUNT, required=False),
)


def calculate(answers: Answers, known: Known) -> Result:
    _check(answers)
    result = Result()
    if not _within_seven_days(answers, known, result):
        _less_what_was_used(answers, known, result)
    _interest(answers, known, result)
    result.step(_("应退合计"), yuan(result.amount_fen))
    return result


def _check(answers: Answers) -> None:
    if answers["paid"] == 0:
        raise Wrong(_("实际支付的金额要大于 0"), "paid")
    if answers["card"] == "money":
        if answers["face"] < answers["paid"]:
            raise Wrong(_("卡内总面值不会少于实际支付的金额，请检查"), "face")
        if answers["used"] > answers["face"]:
            raise Wrong(_("已用部分超过了卡内总面值，请检查"), "used")
    else:
        if answers["total_count"] == 0:
            raise Wrong(_("总次数或总天数要大于 0"), "total_count")
        if answers["used_count"] > answers["total_count"]:
            raise Wrong(_("已用的比总数还多，请检查"), "used_count")
    paid_on, asked_on = answers["paid_on"], answers["asked_on"]
    if paid_on and asked_on and asked_on < paid_on:
        raise Wrong(_("提出退卡的日期早于付款日期，请检查"), "asked_on")


def _within_seven_days(answers: Answers, known: Known, result: Result) -> bool:
    """Asked for within seven days of paying: the whole principal, unless he knew the service."""
    paid_on, asked_on = answers["paid_on"], answers["asked_on"]
    if not paid_on or not asked_on:
        return False
    days = known["prepaid.days"]
    last = paid_on + timedelta(days=days.value)
    facts = {"paid": paid_on, "last": last, "asked": asked_on}
    if asked_on > last:
        told = _("%(paid)s 付款，%(last)s 截止；%(asked)s 提出，已超过") % facts
        result.step(_("七日内退本金"), told, days.source)
        return False
    if answers["had_before"]:
        told = _("付款前享受过同样的服务，不适用")
        result.step(_("七日内退本金"), told, days.source)
        return False
    result.rests_on(days)
    told = _("%(paid)s 付款，%(asked)s 提出，在 %(last)s 之前") % facts
    result.step(_("七日内退本金"), told, days.source)
    result.step(_("退还全部本金"), yuan(answers["paid"]), days.source)
    result.amount_fen = answers["paid"]
    if answers.get("used") or answers.get("used_count"):
        result.warn(_("卡已经用过一部分：七日内仍退全部本金，是否扣除已用部分请法务确认"))
    return True


def _less_what_was_used(answers: Answers, known: Known, result: Result) -> None:
    rule = known["prepaid.used"]
    result.rests_on(rule)
    by_list = answers["fault"] == "consumer"
    result.step(_("实际支付"), yuan(answers["paid"]))
    used = _at_list(answers, result) if by_list else _at_discount(answers, result)
    reason = (
        _("消费者原因退卡：已用部分按原价扣除")
        if by_list
        else _("不是消费者的原因：已用部分按优惠比例扣除")
    )
    result.step(reason, yuan(used), rule.source)
    left = answers["paid"] - used
    if left < 0:
        result.warn(_("按原价计算，已用部分超过了实际支付，没有余额可退"))
        left = 0
    result.step(_("余额"), f"{yuan(answers['paid'])} − {yuan(used)} = {yuan(left)}", rule.source)
    result.amount_fen = left


def _at_list(answers: Answers, result: Result) -> int:
    if answers["card"] == "money":
        return int(answers["used"])
    used = answers["used_count"] * answers["unit"]
    told = f"{answers['used_count']} × {yuan(answers['unit'])} = {yuan(used)}"
    result.step(_("已用部分的原价"), told)
    return int(used)


def _at_discount(answers: Answers, result: Result) -> int:
    """The part that was used costs as much less as the whole did."""
    if answers["card"] == "money":
        ratio = Fraction(answers["paid"], answers["face"])
        shown = percent(rounded(ratio * 10_000))
        told = f"{yuan(answers['paid'])} ÷ {yuan(answers['face'])} ≈ {shown}"
        result.step(_("优惠比例 = 实际支付 ÷ 总面值"), told)
        used = rounded(ratio * answers["used"])
        times = f"{yuan(answers['used'])} × {shown} ≈ {yuan(used)}"
    else:
        ratio = Fraction(answers["used_count"], answers["total_count"])
        used = rounded(ratio * answers["paid"])
        times = (
            f"{yuan(answers['paid'])} × {answers['used_count']} ÷ {answers['total_count']}"
            f" ≈ {yuan(used)}"
        )
    result.step(_("已用部分按优惠比例折算（四舍五入到分）"), times)
    return used


def _interest(answers: Answers, known: Known, result: Result) -> None:
    if not answers["rate"] or not answers["interest_days"]:
        return
    rule, year = known["prepaid.interest"], known["prepaid.year"]
    result.rests_on(rule)
    exact = Fraction(result.amount_fen * answers["rate"] * answers["interest_days"], 10_000)
    interest = rounded(exact / year.value)
    kind = _("一年期 LPR") if answers["fault"] == "trader" else _("存款利率")
    told = _("%(sum)s × %(rate)s（%(kind)s）× %(days)s 日 ÷ %(year)s ≈ %(interest)s") % {
        "sum": yuan(result.amount_fen),
        "rate": percent(answers["rate"]),
        "kind": kind,
        "days": answers["interest_days"],
        "year": year.value,
        "interest": yuan(interest),
    }
    result.step(_("利息（四舍五入到分）"), told, rule.source)
    result.warn(_("利率和计息天数是手工填写的，请财务核对后再承诺"))
    result.amount_fen += interest
