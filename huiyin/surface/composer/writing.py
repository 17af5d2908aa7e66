"""A round of options as it is written: from a form to what is kept, and on to drafts of offers.

What is kept is what was typed, so that nothing is lost, however wrong it still is. The steps of a
calculator are never taken from a page: only its answers are, and they are worked out again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import calculators, filling
from huiyin.journey.resolution.actions import Draft
from huiyin.journey.resolution.actions.calculating import calculate, due_after
from huiyin.journey.resolution.calculators import Result
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import plain, read_yuan, yuan
from huiyin.journey.resolution.words import Ask

MOST_OPTIONS = 3
BULLET = "· "  # begins each step of a calculation in the customer's words
LARGEST = 60_000  # characters of one round as JSON
LINES = ("amount", "order", "cost", "due_on")


@dataclass
class Option:
    """One option as it stands in the form: text, as it was typed."""

    remedy: str
    place: int = 1  # where it stands in the form
    amount: str = ""
    order: str = ""
    cost: str = ""
    basis: str = ""
    wording: str = ""
    due_on: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    calculator: str = ""
    answers: dict[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in (*LINES, "remedy", "basis", "wording")},
            "fields": self.fields,
            "calculator": self.calculator,
            "answers": self.answers,
        }

    def worked_out(self) -> Result | None:
        """What its calculator gives today; None without one, or if it no longer works."""
        if self.calculator not in calculators.ALL:
            return None
        try:
            return calculate(self.calculator, self.answers)
        except Invalid:
            return None


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").replace("\r\n", "\n")[:most]


def restored(content: Any) -> list[Option]:
    """The options of a draft, whatever stands in it."""
    rows = content.get("options") if isinstance(content, dict) else None
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [_restored(row, place) for place, row in enumerate(found[:MOST_OPTIONS], start=1)]


def _restored(row: dict[str, Any], place: int) -> Option:
    fields, answers = row.get("fields"), row.get("answers")
    return Option(
        remedy=_text(row.get("remedy"), 10),
        place=place,
        basis=_text(row.get("basis"), 500),
        wording=_text(row.get("wording"), 5000),
        fields={
            str(name)[:30]: _text(value, 300)
            for name, value in (fields.items() if isinstance(fields, dict) else ())
        },
        calculator=_text(row.get("calculator"), 20),
        answers=answers if isinstance(answers, dict) else {},
        **{name: _text(row.get(name), 30) for name in LINES},
    )


NAME = re.compile(r"o(\d{1,3})-remedy")


def places(posted: Mapping[str, str]) -> list[int]:
    """The numbers under which options stand in the form, in their order."""
    found = [int(match[1]) for name in posted if (match := NAME.fullmatch(name))]
    return sorted(found)[:MOST_OPTIONS]


def read(posted: Mapping[str, str]) -> list[Option]:
    """The options of the form, as they were typed."""
    return [option_at(posted, place) for place in places(posted)]


def option_at(posted: Mapping[str, str], place: int) -> Option:
    begins = f"o{place}-"
    own = {name.removeprefix(begins): posted[name] for name in posted if name.startswith(begins)}
    fields = {n.removeprefix("f-"): v for n, v in own.items() if n.startswith("f-")}
    return _restored(
        {
            **{name: own.get(name, "") for name in (*LINES, "remedy", "basis", "wording")},
            "fields": fields,
            "calculator": own.get("calculator", ""),
            "answers": _answers(own.get("answers", "")),
        },
        place,
    )


def _answers(typed: str) -> dict[str, Any]:
    if len(typed) > 4000:
        return {}
    try:
        found = json.loads(typed or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def as_json(answers: Mapping[str, Any]) -> str:
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":")) if answers else ""


def content_of(options: list[Option]) -> dict[str, Any]:
    return {"options": [one.kept() for one in options]}


# --- a new option --------------------------------------------------------------------------------


def begun(
    remedy: Remedy, complaint: Complaint, *, place: int = 1, order_fen: int | None = None
) -> Option:
    """An option with what the remedy says by itself."""
    option = Option(
        remedy=remedy.code,
        place=place,
        basis=remedy.basis,
        due_on=due_after(remedy.days).isoformat(),
        order=plain(order_fen) if order_fen else "",
    )
    option.wording = explained(option, remedy, complaint.customer.language)
    return option


def spoken(language: str) -> translation.override:
    """In the customer's language, whoever writes."""
    return translation.override("en" if language == "en" else "zh-hans")


def explained(option: Option, remedy: Remedy, language: str) -> str:
    """The customer's words: what we do, on what ground, how the sum came about, and that he may
    say no."""
    with spoken(language):
        lines = [remedy.wording_for(language)]
        if option.basis:
            lines.append(_("这样处理的依据是：%(basis)s。") % {"basis": option.basis})
        lines += told_steps(option.worked_out())
        lines.append(_("如果您有不同的想法，请直接告诉我们，我们再一起商量。"))
        return "\n".join(lines)


def told_steps(result: Result | None) -> list[str]:
    if result is None:
        return []
    steps = [f"{BULLET}{step['label']}：{step['value']}" for step in result.steps]
    return [_("计算过程："), *steps]


def with_steps(option: Option, remedy: Remedy, language: str) -> str:
    """The words with the steps of its calculation; what somebody wrote himself stays."""
    bare = replace(option, calculator="", answers={})
    if not option.wording.strip() or option.wording == explained(bare, remedy, language):
        return explained(option, remedy, language)
    with spoken(language):
        heading, steps = _("计算过程："), told_steps(option.worked_out())
    lines = option.wording.split("\n")
    kept = [line for line in lines if line != heading and not line.startswith(BULLET)]
    return "\n".join([*kept[:-1], *steps, *kept[-1:]])


# --- what a page types into a calculator ---------------------------------------------------------


def typed_answers(kind: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """The answers of a calculator's form as it takes them: fen, whole numbers, yes or no."""
    return {
        one.name: _typed(one, posted.get(f"q-{one.name}", ""))
        for one in calculators.ALL[kind].QUESTIONS
    }


def _typed(question: calculators.Question, text: str) -> Any:
    text = text.replace("\0", "").strip()
    if question.kind == Ask.YES:
        return text == "1"
    if not text:
        return None
    if question.kind == Ask.MONEY:
        fen = read_yuan(text)
        return text if fen is None else fen
    if question.kind in (Ask.COUNT, Ask.SHARE):
        return int(text) if re.fullmatch(r"\d{1,12}", text, re.ASCII) else text
    if question.kind == Ask.RATE:
        found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?", text, re.ASCII)
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else text
    return text


def shown_answers(kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they stand in the form again."""
    asked = {one.name: one for one in calculators.ALL[kind].QUESTIONS}
    shown: dict[str, Any] = {}
    for name, value in answers.items():
        if name in asked and value is not None:
            money = asked[name].kind in (Ask.MONEY, Ask.RATE)
            is_number = isinstance(value, int) and not isinstance(value, bool)
            shown[name] = plain(value) if money and is_number else value
    return shown


# --- to an offer ---------------------------------------------------------------------------------


def drafted(option: Option, remedies: Mapping[str, Remedy], language: str) -> Draft:
    """The draft of an offer, or a refusal at the field that is wrong."""
    remedy, at = remedies.get(option.remedy), f"o{option.place}-"
    if remedy is None:
        sentence = _("这种补救方式已停用，请选择其他方式")
        raise Invalid(sentence, **{f"{at}wording": sentence})
    amount = filling.money(option.amount, f"{at}amount")
    order = filling.money(option.order, f"{at}order") if option.order.strip() else None
    if not option.basis.strip():
        sentence = _("请写明方案依据，例如售后条款或法规")
        raise Invalid(sentence, **{f"{at}basis": sentence})
    if remedy.needs_amount and not amount:
        sentence = _("%(remedy)s要写明金额") % {"remedy": remedy.name}
        raise Invalid(sentence, **{f"{at}amount": sentence})
    return Draft(
        remedy=remedy,
        basis=option.basis,
        wording=option.wording,
        due_on=_day(option.due_on, f"{at}due_on"),
        amount_fen=amount,
        fields=filling.read(remedy, option.fields, at=f"{at}f-", else_at=f"{at}wording"),
        cost_fen=filling.money(option.cost, f"{at}cost") or amount,
        calculation=calculation(option, amount, language),
        order_fen=order,
    )


def _day(text: str, name: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    sentence = _("请填写存在的执行期限")
    raise Invalid(sentence, **{name: sentence})


def calculation(option: Option, amount_fen: int, language: str) -> list[dict[str, str]]:
    """The steps that are kept with the offer, as the customer reads them; a sum agreed beside
    them is told as such."""
    with spoken(language):
        result = option.worked_out()
        if result is None:
            return []
        steps = [dict(step) for step in result.steps]
        if result.amount_fen != amount_fen:
            steps.append({"label": _("双方商定的金额"), "value": yuan(amount_fen), "source": ""})
        return steps
