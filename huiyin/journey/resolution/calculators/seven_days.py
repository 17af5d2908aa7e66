"""Goods bought at a distance, sent back within seven days without a reason (消法 25)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.resolution.calculators.reckoning import (
    Answers,
    Known,
    Question,
    Result,
    yuan,
)
from huiyin.journey.resolution.shapes import Wrong
from huiyin.journey.resolution.words import Ask

NAME = gettext_lazy("七日无理由退货")
ABOUT = gettext_lazy(
    "网购等远程购买，收货后七日内不需要理由即可退货：算到哪一天、退多少、什么时候退。"
)
EXCEPTIONS = {
    "custom": gettext_lazy("定作的商品"),
    "fresh": gettext_lazy("鲜活易腐的商品"),
    "digital": gettext_lazy("已拆封的音像、软件或在线下载的数字化商品"),
    "press": gettext_lazy("交付的报纸、期刊"),
    "confirmed": gettext_lazy("购买时已确认不宜退货的商品"),
}
QUESTIONS = (
    Question("paid", gettext_lazy("实付货款（元）")),
    Question("received_on", gettext_lazy("收到商品的日期"), Ask.DATE),
    Question("asked_on", gettext_lazy("提出退货的日期"), Ask.DATE),
    Question(
        "goods",
        gettext_lazy("商品种类"),
        Ask.CHOICE,
        choices=(("plain", gettext_lazy("一般商品")), *EXCEPTIONS.items()),
    ),
    Question("freight", gettext_lazy("退货运费（元）"), required=False),
    Question(
        "freight_ours",
        gettext_lazy("约定或承诺由我们承担退货运费"),
        Ask.YES,
        help=gettext_lazy("例如有运费险或页面写明包退运费"),
    ),
    Question("back_on", gettext_lazy("我们收到退货的日期"), Ask.DATE, required=False),
)


def calculate(answers: Answers, known: Known) -> Result:
    received, asked = answers["received_on"], answers["asked_on"]
    if asked < received:
        sentence = _("提出退货的日期早于收货日期，请检查")
        raise Wrong(sentence, "asked_on")
    days, result = known["seven_days.days"], Result()
    result.rests_on(days)
    end = received + timedelta(days=days.value)
    last = known.rolled(end)
    result.step(
        _("可以退货到哪一天"),
        _("%(received)s 收货，次日起算第 %(days)s 日：%(last)s")
        % {"received": received, "days": days.value, "last": last},
        days.source,
    )
    if last != end:
        start = known["period.start"]
        result.step(_("最后一天是节假日，顺延"), f"{end} → {last}", start.source)
    if answers["goods"] in EXCEPTIONS:
        sentence = _("%(goods)s不适用七日无理由退货；如有质量问题，仍可按质量问题退货")
        result.step(_("不适用的商品"), str(EXCEPTIONS[answers["goods"]]), days.source)
        result.warn(sentence % {"goods": EXCEPTIONS[answers["goods"]]})
    elif asked > last:
        sentence = _("%(asked)s 提出，已超过七日；可以看看是否有质量问题，或另外协商")
        result.step(_("提出退货"), _("%(asked)s，已超过期限") % {"asked": asked}, days.source)
        result.warn(sentence % {"asked": asked})
    else:
        _refund(result, answers, known)
    return result


def _refund(result: Result, answers: Answers, known: Known) -> None:
    days, freight = known["seven_days.days"], answers["freight"]
    result.step(_("退还货款"), yuan(answers["paid"]), days.source)
    result.amount_fen = answers["paid"]
    if freight and answers["freight_ours"]:
        result.step(_("退还退货运费（按约定由我们承担）"), yuan(freight), _("双方约定"))
        result.amount_fen += freight
    elif freight:
        result.step(_("退货运费由客户承担，没有约定由我们承担"), yuan(0), days.source)
    if answers["back_on"]:
        within = known["seven_days.refund"]
        due = answers["back_on"] + timedelta(days=within.value)
        result.step(
            _("最晚退款日"),
            _("收到退货后 %(days)s 日内：%(due)s") % {"days": within.value, "due": due},
            within.source,
        )
    result.step(_("合计"), yuan(result.amount_fen))
