"""What every calculator stands on: its questions, the numbers of the law, visible steps. Pure.

Money is whole fen. Parts of a fen are rounded half up, once, where a step says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext as _

from huiyin.journey.resolution.shapes import Wrong
from huiyin.journey.resolution.words import Ask, Mark

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"

MOST_FEN = 10_000_000_000  # a hundred million yuan: above it somebody mistyped
MOST_COUNT = 1_000_000
MOST_RATE = 3_600  # hundredths of a per cent a year: 36 %
EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)


@dataclass(frozen=True)
class Question:
    """One thing a calculator asks. `when`: only asked if another question has this answer."""

    name: str
    label: Words
    kind: str = Ask.MONEY
    required: bool = True
    choices: tuple[tuple[str, Words], ...] = ()
    help: Words = ""
    when: tuple[str, tuple[str | bool, ...]] | None = None


@dataclass(frozen=True)
class Number:
    """A number of the law or of the house, with where it stands."""

    code: str
    value: int
    law: str = ""
    article: str = ""
    mark: str = Mark.VERIFIED
    note: str = ""

    @property
    def source(self) -> str:
        """As a step names it; a number nobody compared with the law's own text says so."""
        place = f"《{self.law}》{self.article}" if self.law else self.article
        if self.mark in (Mark.SECONDARY, Mark.GENERAL):
            return _("%(source)s（未经核对）") % {"source": place}
        return place


@dataclass(frozen=True)
class Known:
    """What a calculation may rest on besides the answers."""

    numbers: Mapping[str, Number]
    rolled: Callable[[date], date] = lambda day: day  # a holiday's end moves to the day after

    def __getitem__(self, code: str) -> Number:
        number = self.numbers.get(code)
        if number is None:
            sentence = _("缺少计算用的数字 %(code)s，请管理员在“计算器数字”里补上")
            raise Wrong(sentence % {"code": code})
        return number


@dataclass
class Result:
    """What comes out, how, and what somebody should still think of."""

    amount_fen: int = 0
    steps: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def step(self, label: str, value: str, source: str = "") -> None:
        self.steps.append({"label": label, "value": value, "source": source})

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def rests_on(self, *numbers: Number) -> None:
        """Numbers that were not compared with the law itself, or may have changed, are named."""
        for number in numbers:
            if number.mark in (Mark.SECONDARY, Mark.GENERAL):
                self.warn(
                    _("%(source)s没有与法律原文核对过，用之前请法务确认")
                    % {"source": number.source}
                )
            elif number.note:
                self.warn(number.note)


Answers: TypeAlias = dict[str, Any]


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def percent(hundredths: int) -> str:
    return f"{hundredths / 100:g}%"


def rounded(exact: Fraction) -> int:
    """To the whole fen, half up."""
    return int((exact * 2 + 1) // 2)


def read(questions: tuple[Question, ...], typed: object) -> Answers:
    """The answers, each of its kind; what is not asked in this case is left out."""
    if not isinstance(typed, Mapping):
        raise Wrong(_("这里的写法不对，请刷新页面后重新填写"))
    if strange := {str(name) for name in typed} - {one.name for one in questions}:
        raise Wrong(_("这个计算器没有“%(name)s”这一项") % {"name": min(strange)[:40]})
    found: Answers = {}
    for question in questions:
        if asked(question, found):
            found[question.name] = _answer(question, typed.get(question.name))
    return found


def asked(question: Question, found: Answers) -> bool:
    return question.when is None or found.get(question.when[0]) in question.when[1]


def _answer(question: Question, value: Any) -> Any:
    if value is None or value == "":
        if question.required and question.kind != Ask.YES:
            raise Wrong(_("请填写“%(label)s”") % {"label": question.label}, question.name)
        return NOTHING[question.kind]
    answer = READ[question.kind](value, question)
    if answer is None:
        raise Wrong(MEANT[question.kind]() % {"label": question.label}, question.name)
    return answer


def _whole(value: Any, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= most else None


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _choice(value: Any, question: Question) -> str | None:
    known = {one for one, _label in question.choices}
    return value if isinstance(value, str) and value in known else None


NOTHING: dict[str, Any] = {
    Ask.MONEY: 0,
    Ask.RATE: 0,
    Ask.SHARE: 100,
    Ask.CHOICE: "",
    Ask.YES: False,
    Ask.COUNT: None,
    Ask.DATE: None,
}
READ: dict[str, Callable[[Any, Question], Any]] = {
    Ask.MONEY: lambda value, _question: _whole(value, MOST_FEN),
    Ask.COUNT: lambda value, _question: _whole(value, MOST_COUNT),
    Ask.RATE: lambda value, _question: _whole(value, MOST_RATE),
    Ask.SHARE: lambda value, _question: _whole(value, 100),
    Ask.DATE: lambda value, _question: _day(value),
    Ask.CHOICE: _choice,
    Ask.YES: lambda value, _question: value if isinstance(value, bool) else None,
}
MEANT: dict[str, Callable[[], str]] = {
    Ask.MONEY: lambda: _("“%(label)s”的金额不对，请填写 0 到一亿元之间、最多两位小数的金额"),
    Ask.COUNT: lambda: _("“%(label)s”要填 0 到一百万之间的整数"),
    Ask.RATE: lambda: _("“%(label)s”要填 0 到 36 之间、最多两位小数的百分数"),
    Ask.SHARE: lambda: _("“%(label)s”要填 0 到 100 之间的整数"),
    Ask.DATE: lambda: _("“%(label)s”不是一个存在的日期，请填写 2000 到 2100 年间的日期"),
    Ask.CHOICE: lambda: _("“%(label)s”请从列表中选择"),
    Ask.YES: lambda: _("“%(label)s”只能回答是或否"),
}
