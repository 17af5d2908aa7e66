"""The one to three remedies that fit a complaint, each with why, on what basis, cost and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.words import Kind as Passage
from huiyin.ground.language import in_english
from huiyin.ground.people.models import Department, User
from huiyin.ground.remembered import Remembered
from huiyin.journey.resolution.actions.calculating import due_after
from huiyin.journey.resolution.fitting import Case
from huiyin.journey.resolution.models import Remedy, usable_remedies
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.triage import knowledge as taxonomy
from huiyin.surface.composer import rules
from huiyin.surface.composer.precedents import Found

departments = Remembered(lambda: list(Department.objects.in_use()))


@dataclass(frozen=True)
class Proposal:
    """One remedy that fits, told to the person who decides."""

    remedy: Remedy
    reasons: list[str]
    basis: str
    due_on: date
    middle_fen: int = 0  # what similar complaints came to
    cautions: list[str] = field(default_factory=list)

    @property
    def steps(self) -> list[dict[str, str]]:
        """How it is carried out: what, by whom, in how many days."""
        return steps_of(self.remedy)

    @property
    def cost(self) -> str:
        if self.middle_fen:
            return _("类似投诉多为 %(sum)s") % {"sum": yuan(self.middle_fen)}
        if self.remedy.calculator:
            return _("按计算器算出")
        return _("按商定的金额") if self.remedy.needs_amount else _("不涉及付款")


def steps_of(remedy: Remedy) -> list[dict[str, str]]:
    english = in_english()
    return [
        {
            "what": step["what_en"] if english and step["what_en"] else step["what_zh"],
            "by": done_by(step["by"]),
            "days": step["days"],
        }
        for step in remedy.execution
    ]


def done_by(by: str) -> str:
    """Who carries out a step, in words."""
    kind, _colon, code = by.partition(":")
    if kind == "department":
        found = next((one for one in departments() if one.code == code), None)
        return found.shown_name if found else code
    return str({"handler": _("处理人"), "finance": _("财务")}.get(kind, code))


@dataclass(frozen=True)
class Proposals:
    found: list[Proposal]
    cautions: list[str]  # about all of them: nothing found out yet, and such
    passages: list[knowledge.Found]


def propose(user: User, case: Case, precedents: Found) -> Proposals:
    """What fits category, liability, history and policy; nothing is decided by it."""
    complaint = case.complaint
    figures = {one.remedy: one for one in precedents.figures}
    remedies = {one.code: one for one in usable_remedies() if case.fits(one.fits)}
    candidates = [_candidate(one, case, figures.get(one.code)) for one in remedies.values()]
    passages = knowledge.suggested(
        user,
        category=complaint.category,
        text=f"{complaint.subject} {complaint.wanted}",
        kinds=(Passage.POLICY, Passage.LAW),
        limit=3,
    )
    found = [
        Proposal(
            remedy=remedies[one.code],
            reasons=_reasons(one, remedies[one.code], case, figures.get(one.code)),
            basis=remedies[one.code].basis or (passages[0].basis if passages else ""),
            due_on=due_after(remedies[one.code].days),
            middle_fen=figures[one.code].middle_fen if one.code in figures else 0,
            cautions=_cautions(remedies[one.code]),
        )
        for one in rules.ranked(candidates)
    ]
    return Proposals(found, _cautions_of(case), passages)


def _candidate(remedy: Remedy, case: Case, figure: rules.Figure | None) -> rules.Candidate:
    asked = conditions.fields_of(remedy.fits)
    return rules.Candidate(
        code=remedy.code,
        depth=_depth(remedy.fits, case.complaint.category),
        wanted=remedy.is_asked_for(case.complaint.wanted),
        used=figure.used if figure else 0,
        satisfied=figure.satisfied if figure else 0,
        chosen_by_finding="liability" in asked and case.finding is not None,
    )


def _depth(condition: conditions.Condition | None, category: str) -> int:
    """How many levels of the category the condition names."""
    if condition is None:
        return 0

    def line(one: conditions.Condition) -> int:
        if one["field"] != "category" or one["is"] != "under":
            return 0
        named = conditions.listed(one.get("value", ""))
        return max((c.count(".") + 1 for c in named if conditions.under(category, c)), default=0)

    return conditions.fold(condition, line, _most, _most)


def _most(numbers: object) -> int:
    return max(numbers, default=0)  # type: ignore[call-overload,no-any-return]


def _reasons(
    one: rules.Candidate, remedy: Remedy, case: Case, figure: rules.Figure | None
) -> list[str]:
    told = []
    if one.wanted:
        told.append(_("客户提出的诉求就是这个"))
    if one.depth:
        code = ".".join(case.complaint.category.split(".")[: one.depth])
        category = taxonomy.current().categories.get(code)
        name = category.name if category else code
        told.append(_("类别“%(name)s”适用%(remedy)s") % {"name": name, "remedy": remedy.name})
    if case.finding is not None:
        told.append(_("核实结论：%(shares)s") % {"shares": shares_in_words(case)})
    if figure and not figure.answered:
        told.append(_("类似投诉用过 %(used)s 次") % {"used": figure.used})
    elif figure:
        told.append(
            _("类似投诉用过 %(used)s 次，表态的 %(answered)s 位中 %(satisfied)s 位满意")
            % {"used": figure.used, "answered": figure.answered, "satisfied": figure.satisfied}
        )
    return told


def shares_in_words(case: Case) -> str:
    finding = case.finding
    assert finding is not None
    if shares := list(finding.shares.all()):
        told = (f"{share.get_party_display()} {share.percent}%" for share in shares)
        return _("、").join(told)
    return str(finding.get_liability_display())


def _cautions(remedy: Remedy) -> list[str]:
    told = []
    if remedy.money_kind in ("punitive", "injury"):
        told.append(_("一律由法务、财务、经理会签"))
    if remedy.limit_fen is not None:
        told.append(_("最高 %(most)s") % {"most": yuan(remedy.limit_fen)})
    if remedy.limit_percent is not None:
        told.append(_("不超过订单金额的 %(percent)s%%") % {"percent": remedy.limit_percent})
    return told


def _cautions_of(case: Case) -> list[str]:
    told = []
    if case.finding is None:
        told.append(_("还没有核实结论，请先核实责任，再向客户承诺"))
    elif case.our_share == 0:
        told.append(_("核实结论没有把责任归给我方，请先说明情况与依据"))
    if not case.complaint.category:
        told.append(_("还没有分类，先分类才能推荐合适的方案"))
    if case.compensated:
        told.append(
            _("客户 30 天内已有 %(n)s 项其他补偿，共 %(sum)s，会一起计入权限")
            % {"n": len(case.compensated), "sum": yuan(case.compensated_fen)}
        )
    return told
