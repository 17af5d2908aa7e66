"""Who pays the freight of a return or an exchange (消法 24, 25)."""

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
from huiyin.journey.resolution.words import Ask

NAME = gettext_lazy("运费")
ABOUT = gettext_lazy(
    "退换货的运费由谁承担：质量问题、发错货由我们承担；无理由退货由客户承担，另有约定的除外。"
)
QUESTIONS = (
    Question(
        "reason",
        gettext_lazy("退换的原因"),
        Ask.CHOICE,
        choices=(
            ("quality", gettext_lazy("质量问题")),
            ("ours", gettext_lazy("发错、漏发、破损等我们的原因")),
            ("no_reason", gettext_lazy("七日无理由退货")),
            ("customer", gettext_lazy("客户自身原因（超过七日）")),
        ),
    ),
    Question("back", gettext_lazy("客户已付的退货运费（元）")),
    Question("first", gettext_lazy("客户付过的首次运费（元）"), required=False),
    Question("again", gettext_lazy("客户付过的再次寄送运费（元）"), required=False),
    Question(
        "agreed",
        gettext_lazy("约定或承诺由我们承担"),
        Ask.YES,
        help=gettext_lazy("例如运费险、页面承诺"),
    ),
)


def calculate(answers: Answers, known: Known) -> Result:
    result = Result()
    if answers["reason"] == "quality":
        rule = known["freight.quality"]
        result.rests_on(rule)
        _ours(result, answers, rule.source, first=True)
    elif answers["reason"] == "ours":
        _ours(result, answers, known["freight.ours"].source, first=True)
    elif answers["agreed"]:
        _ours(result, answers, _("双方约定"), first=False)
    else:
        rule = known["freight.no_reason"]
        result.rests_on(rule)
        source = rule.source if answers["reason"] == "no_reason" else ""
        result.step(_("运费由客户承担，没有约定由我们承担"), yuan(0), source)
        result.warn(_("运费不退；可以考虑用优惠券表达心意，请在权限内决定"))
    most = known["freight.most"]
    if result.amount_fen > most.value:
        sentence = _("运费超过 %(most)s，请附运费凭证并确认是否合理")
        result.warn(sentence % {"most": yuan(most.value)})
    result.step(_("合计"), yuan(result.amount_fen))
    return result


def _ours(result: Result, answers: Answers, source: str, *, first: bool) -> None:
    lines = [(_("退货运费由我们承担"), answers["back"])]
    if first and answers["first"]:
        lines.append((_("首次运费由我们承担"), answers["first"]))
    if answers["again"]:
        lines.append((_("再次寄送运费由我们承担"), answers["again"]))
    for label, fen in lines:
        result.step(label, yuan(fen), source)
        result.amount_fen += fen
