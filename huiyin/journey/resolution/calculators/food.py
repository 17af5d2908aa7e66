"""Food below the safety standard: ten times the price or three times the loss (食安法 148)."""

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

NAME = gettext_lazy("食品十倍或三倍赔偿")
ABOUT = gettext_lazy("不符合食品安全标准的食品：价款十倍或者损失三倍的赔偿，不足一千元的按一千元。")
QUESTIONS = (
    Question("price", gettext_lazy("食品价款（元）")),
    Question(
        "loss",
        gettext_lazy("受到的损失（元）"),
        required=False,
        help=gettext_lazy("医疗费、误工等有票据的损失，没有就不填"),
    ),
    Question("label_only", gettext_lazy("只是标签、说明书有瑕疵，不影响食品安全"), Ask.YES),
    Question("knowing", gettext_lazy("明知不符合标准仍然购买"), Ask.YES),
    Question(
        "needed",
        gettext_lazy("合理生活消费需要范围内的价款（元）"),
        when=("knowing", (True,)),
        help=gettext_lazy("超出自己和家人合理需要的部分不作为计算基数"),
    ),
    Question(
        "refund", gettext_lazy("同时退还价款"), Ask.YES, help=gettext_lazy("已经退过的不要勾选")
    ),
    Question("pay_loss", gettext_lazy("同时承担上面的损失"), Ask.YES),
)


def calculate(answers: Answers, known: Known) -> Result:
    if answers["price"] == 0:
        raise Wrong(_("价款要大于 0"), "price")
    if answers["knowing"] and answers["needed"] > answers["price"]:
        raise Wrong(_("合理需要范围内的价款不会超过总价款，请检查"), "needed")
    result = Result()
    result.step(_("食品价款"), yuan(answers["price"]))
    result.amount_fen = 0 if answers["label_only"] else _damages(answers, known, result)
    if answers["label_only"]:
        rule = known["food.label"]
        result.rests_on(rule)
        result.step(_("标签、说明书瑕疵，不适用十倍赔偿"), yuan(0), rule.source)
        result.warn(_("是否只是标签瑕疵、会不会误导消费者，请品控和法务确认"))
    if answers["refund"]:
        result.step(_("退还价款"), yuan(answers["price"]), _("双方商定"))
        result.amount_fen += answers["price"]
    if answers["pay_loss"] and answers["loss"]:
        result.step(_("承担损失（凭票据）"), yuan(answers["loss"]), _("双方商定"))
        result.amount_fen += answers["loss"]
    result.step(_("合计"), yuan(result.amount_fen))
    result.warn(_("十倍、三倍赔偿一律由法务、财务、经理会签"))
    return result


def _damages(answers: Answers, known: Known, result: Result) -> int:
    by_price, by_loss, least = known["food.price"], known["food.loss"], known["food.least"]
    result.rests_on(by_price, by_loss, least)
    base: int = answers["price"]
    if answers["knowing"]:
        rule, base = known["food.needed"], answers["needed"]
        result.step(_("明知购买：以合理生活消费需要为限"), yuan(base), rule.source)
        result.warn(_("合理生活消费需要的范围请法务按司法解释确认"))
    ten = base * by_price.value
    told = f"{yuan(base)} × {by_price.value} = {yuan(ten)}"
    result.step(_("价款的 %(n)s 倍") % {"n": by_price.value}, told, by_price.source)
    three: int = answers["loss"] * by_loss.value
    if answers["loss"]:
        told = f"{yuan(answers['loss'])} × {by_loss.value} = {yuan(three)}"
        result.step(_("损失的 %(n)s 倍") % {"n": by_loss.value}, told, by_loss.source)
        result.step(_("取两者中较高的"), yuan(max(ten, three)), by_price.source)
    damages = max(ten, three)
    if damages < least.value:
        damages = least.value
        sentence = _("不足 %(least)s，按 %(least)s") % {"least": yuan(least.value)}
        result.step(sentence, yuan(damages), least.source)
    return damages
