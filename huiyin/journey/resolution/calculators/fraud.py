"""Fraud: the price back and three times on top, at least 500 yuan (消法 55)."""

from __future__ import annotations

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

NAME = gettext_lazy("退一赔三")
ABOUT = gettext_lazy("经营者有欺诈行为：退还价款，并增加价款三倍的赔偿，不足五百元的按五百元。")
QUESTIONS = (
    Question("price", gettext_lazy("商品或服务的价款（元）")),
    Question(
        "refund", gettext_lazy("同时退还价款"), Ask.YES, help=gettext_lazy("已经退过的不要勾选")
    ),
    Question(
        "knowing",
        gettext_lazy("明知有缺陷仍然提供，造成死亡或严重健康损害"),
        Ask.YES,
    ),
    Question("loss", gettext_lazy("受到的损失（元）"), when=("knowing", (True,))),
)


def calculate(answers: Answers, known: Known) -> Result:
    if answers["price"] == 0:
        raise Wrong(_("价款要大于 0"), "price")
    times, least, result = known["fraud.times"], known["fraud.least"], Result()
    result.rests_on(times, least)
    price = answers["price"]
    result.step(_("价款"), yuan(price))
    extra = price * times.value
    told = f"{yuan(price)} × {times.value} = {yuan(extra)}"
    result.step(_("增加赔偿：价款的 %(n)s 倍") % {"n": times.value}, told, times.source)
    if extra < least.value:
        extra = least.value
        sentence = _("不足 %(least)s，按 %(least)s") % {"least": yuan(least.value)}
        result.step(sentence, yuan(extra), least.source)
    result.amount_fen = extra
    if answers["refund"]:
        result.step(_("退还价款"), yuan(price), times.source)
        result.amount_fen += price
    if answers["knowing"]:
        _most_for_harm(result, answers["loss"], known)
    result.step(_("合计"), yuan(result.amount_fen))
    result.warn(_("只有查实欺诈才适用；三倍赔偿一律由法务、财务、经理会签"))
    return result


def _most_for_harm(result: Result, loss: int, known: Known) -> None:
    """Up to twice the loss may be added; how much is a court's or the parties' matter."""
    harm = known["fraud.harm"]
    most = loss * harm.value
    told = _("损失 %(loss)s，最多另加 %(most)s（未计入合计）") % {
        "loss": yuan(loss),
        "most": yuan(most),
    }
    result.step(_("惩罚性赔偿：损失的 %(n)s 倍以下") % {"n": harm.value}, told, harm.source)
    result.warn(_("造成死亡或严重健康损害的，另加的赔偿数额由法务确定"))
