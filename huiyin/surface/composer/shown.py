"""What the page shows: cards, precedents, earlier compensations, the questions of a calculator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.intake.models import Answer
from huiyin.journey.resolution import calculators, filling, rules
from huiyin.journey.resolution.calculators import Result
from huiyin.journey.resolution.fitting import Case
from huiyin.journey.resolution.models import Offer, Remedy, usable_remedies
from huiyin.surface.composer import writing
from huiyin.surface.composer.authority import Foreseen, foresee
from huiyin.surface.composer.precedents import Found
from huiyin.surface.composer.writing import Option

ORDER = ("price", "charged")  # custom fields that tell what the order was worth


@dataclass(frozen=True)
class Shown:
    """One card: the option, its remedy, and what can already be said of it."""

    option: Option
    remedy: Remedy
    fields: list[dict[str, Any]]
    result: Result | None
    differs: str  # the sum that was worked out, where another one is offered
    foreseen: Foreseen | None
    too_much: str
    calculators: list[tuple[str, Any]]
    answers: str

    @property
    def place(self) -> int:
        return self.option.place

    @property
    def basis_target(self) -> str:
        return f"[name=o{self.place}-basis]"


def card(user: User, complaint: Complaint, option: Option) -> Shown | None:
    """None when the remedy is not there any more."""
    remedy = usable(option.remedy)
    if remedy is None:
        return None
    result, amount = option.worked_out(), rules.read_yuan(option.amount)
    kinds = sorted(calculators.ALL, key=lambda kind: kind != remedy.calculator)
    differs = result is not None and result.amount_fen != amount
    return Shown(
        option=option,
        remedy=remedy,
        fields=filling.asked(remedy, option.fields),
        result=result,
        differs=rules.yuan(result.amount_fen) if result and differs else "",
        foreseen=_foreseen(user, complaint, option, remedy, amount),
        too_much=_too_much(remedy, option, amount),
        calculators=[(kind, calculators.ALL[kind].NAME) for kind in kinds],
        answers=writing.as_json(option.answers),
    )


def usable(code: str) -> Remedy | None:
    return next((one for one in usable_remedies() if one.code == code), None)


def _foreseen(
    user: User, complaint: Complaint, option: Option, remedy: Remedy, amount: int | None
) -> Foreseen | None:
    """Who decides; None while a sum is not written rightly."""
    if amount is None:
        return None
    money = [one["name"] for one in remedy.fields if one["type"] == "money"]
    sums = [rules.read_yuan(option.fields.get(name, "")) for name in money]
    if None in sums:
        return None
    filled = dict(zip(money, sums, strict=True))
    return foresee(
        user,
        complaint,
        remedy,
        rules.value_fen(amount, remedy.fields, filled),
        order_fen=rules.read_yuan(option.order) or None,
        words=f"{option.basis}\n{option.wording}",
    )


def _too_much(remedy: Remedy, option: Option, amount: int | None) -> str:
    order = rules.read_yuan(option.order) if option.order.strip() else None
    most = remedy.exceeds(amount, order) if amount else None
    if most is None:
        return ""
    return _("%(remedy)s最多 %(most)s") % {"remedy": remedy.name, "most": rules.yuan(most)}


def order_fen(complaint: Complaint) -> int | None:
    """What the order was worth, where it was asked at registration."""
    found = Answer.objects.filter(complaint=complaint, field__key__in=ORDER)
    values = dict(found.values_list("field__key", "value"))
    known = (values.get(key) for key in ORDER)
    return next((one for one in known if isinstance(one, int) and one > 0), None)


def place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 1


# --- calculators ---------------------------------------------------------------------------------


def calculator(kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The questions with what is known already."""
    module, shown = calculators.ALL[kind], writing.shown_answers(kind, answers)
    return {
        "name": module.NAME,
        "about": module.ABOUT,
        "questions": [
            {"one": question, "value": shown.get(question.name, "")}
            for question in module.QUESTIONS
        ],
    }


def first_answers(kind: str, complaint: Complaint) -> dict[str, Any]:
    """What the registration and the finding know already."""
    answers: dict[str, Any] = {}
    names = {question.name for question in calculators.ALL[kind].QUESTIONS}
    if fen := order_fen(complaint):
        answers |= dict.fromkeys(names & {"paid", "price"}, fen)
    share = Case(complaint).our_share if "share" in names else None
    return answers | ({"share": share} if share is not None else {})


def refused_as_asked(work: Callable[[], Result]) -> Result:
    """A refusal names its field as the dialog does."""
    try:
        return work()
    except Invalid as refused:
        fields = {f"q-{name}": said for name, said in refused.fields.items()}
        raise Invalid(refused.sentence, **fields) from refused


# --- how it went before --------------------------------------------------------------------------


def precedents(found: Found) -> dict[str, Any]:
    """The figures, each with the name of its remedy, and the rows they were counted from."""
    names = {row.remedy_id: row.remedy.name for row in found.rows}
    figures = [(one, names[one.remedy]) for one in found.figures]
    scope = {
        3: _("同一类别“%(name)s”"),
        2: _("同组“%(name)s”"),
        1: _("同大类“%(name)s”"),
    }[found.level]
    return {"found": found, "figures": figures, "scope": scope % {"name": found.name}}


@dataclass(frozen=True)
class Compensations:
    """What the customer was promised elsewhere within 30 days."""

    rows: list[Offer]
    hidden: int
    total_fen: int


def compensations(user: User, case: Case) -> Compensations:
    """Those on complaints the reader sees; the others are counted, without a word about them."""
    pks = {one.complaint_id for one in case.compensated}
    visible = Complaint.objects.visible_to(user).filter(pk__in=pks)
    seen = set(visible.values_list("pk", flat=True)) if pks else set()
    rows = [one for one in case.compensated if one.complaint_id in seen]
    return Compensations(rows, len(case.compensated) - len(rows), case.compensated_fen)
