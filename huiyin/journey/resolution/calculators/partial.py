"""Part of the price back for a defect, the customer keeping the goods. The house's own scale."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.resolution.calculators.reckoning import (
    Answers,
    Known,
    Question,
    Result,
    rounded,
    yuan,
)
from huiyin.journey.resolution.shapes import Wrong
from huiyin.journey.resolution.words import Ask

NAME = gettext_lazy("按瑕疵部分退款")
ABOUT = gettext_lazy("客户留用有瑕疵的商品：按瑕疵程度、有瑕疵的件数和我方责任比例退回部分货款。")
DEGREES = {
    "slight": gettext_lazy("轻微：外观小瑕疵，不影响使用"),
    "visible": gettext_lazy("明显：外观明显瑕疵，使用正常"),
    "function": gettext_lazy("影响使用：部分功能不正常"),
    "severe": gettext_lazy("严重：勉强能用"),
}
QUESTIONS = (
    Question("paid", gettext_lazy("实付货款（元）")),
    Question("degree", gettext_lazy("瑕疵程度"), Ask.CHOICE, choices=tuple(DEGREES.items())),
    Question(
        "total",
        gettext_lazy("一共几件"),
        Ask.COUNT,
        required=False,
        help=gettext_lazy("不填按 1 件"),
    ),
    Question("faulty", gettext_lazy("其中有瑕疵的件数"), Ask.COUNT, required=False),
    Question(
        "share",
        gettext_lazy("我方责任比例（%）"),
        Ask.SHARE,
        required=False,
        help=gettext_lazy("按核实结论的责任划分；不填按 100%"),
    ),
)


def calculate(answers: Answers, known: Known) -> Result:
    total = 1 if answers["total"] is None else answers["total"]
    faulty = total if answers["faulty"] is None else answers["faulty"]
    if total == 0:
        raise Wrong(_("总件数要大于 0"), "total")
    if faulty > total:
        raise Wrong(_("有瑕疵的件数比总件数还多，请检查"), "faulty")
    rule, result = known[f"partial.{answers['degree']}"], Result()
    result.step(_("实付货款"), yuan(answers["paid"]))
    exact = Fraction(answers["paid"])
    if faulty != total:
        exact = exact * faulty / total
        told = f"{yuan(answers['paid'])} × {faulty} ÷ {total} ≈ {yuan(rounded(exact))}"
        result.step(_("有瑕疵的部分"), told)
    exact = exact * rule.value / 100
    told = f"{rule.value}%"
    result.step(str(DEGREES[answers["degree"]]), told, rule.source)
    share = answers["share"]
    if share != 100:
        exact = exact * share / 100
        result.step(_("我方责任比例"), f"{share}%", _("核实结论"))
    result.amount_fen = rounded(exact)
    result.step(_("部分退款（四舍五入到分）"), yuan(result.amount_fen))
    result.warn(_("比例是本企业自定的协商标准，不是法定标准；客户不同意可以退货"))
    return result
