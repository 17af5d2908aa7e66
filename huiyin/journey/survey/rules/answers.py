"""What somebody sent, taken as answers: which questions he saw, and what of it counts. Pure.

Nothing that was sent is trusted: a value that no page of ours offers is a fault, and what belongs
to a question that was not shown is left out, whatever it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.conditions.words import NO, YES
from huiyin.journey.survey.rules.questions import SCALES, Question
from huiyin.journey.survey.words import Ask

LONGEST_LINE = 200
LONGEST_TEXT = 2000
MOST_NUMBER = 3  # digits


@dataclass
class Taken:
    """`said` by question; `faults`: a sentence by question; `items`: (question, row, option)."""

    said: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    items: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)  # by kind, the first of each


def shown(questions: Sequence[Question], said: Mapping[str, Any]) -> list[Question]:
    """The questions that somebody sees who has answered so: each asks only those before it, and
    of those only what was itself shown."""
    facts: dict[str, Any] = {}
    found = []
    for one in questions:
        if one.get("when") and not conditions.holds(one["when"], facts):
            continue
        found.append(one)
        _tell(facts, one, said.get(one["key"]))
    return found


def _tell(facts: dict[str, Any], one: Question, value: Any) -> None:
    if isinstance(value, Mapping):
        facts.update({f"{one['key']}.{row}": number for row, number in value.items()})
    elif value is not None:
        facts[one["key"]] = value


def taken(questions: Sequence[Question], raw: Mapping[str, Any], *, whole: bool = True) -> Taken:
    """What counts of `raw`. `whole`: everything required must be there; else it is a draft, of
    which what is wrong is dropped in silence."""
    found = Taken()
    facts: dict[str, Any] = {}
    for one in questions:
        if one.get("when") and not conditions.holds(one["when"], facts):
            continue
        key = one["key"]
        try:
            value = READERS[Ask(one["ask"])](one, raw.get(key))
        except ValueError as wrong:
            found.faults[key] = str(wrong)
            continue
        if value is None:
            if one["required"] and whole:
                found.faults[key] = _("这一题请回答")
            continue
        found.said[key] = value
        _tell(facts, one, value)
        _note(found, one, value)
    if not whole:
        found.faults = {}
    return found


def _note(found: Taken, one: Question, value: Any) -> None:
    key, ask = one["key"], one["ask"]
    if ask in (Ask.LINE, Ask.TEXT):
        found.texts.append(value)
    elif isinstance(value, list):
        found.items += [(key, "", option) for option in value]
    elif isinstance(value, Mapping):
        found.items += [(key, row, str(number)) for row, number in value.items()]
    else:
        found.items.append((key, "", str(value)))
    if ask in (Ask.CSAT, Ask.NPS, Ask.CES):
        found.scores.setdefault(ask, value)


# --- one value of each kind; None is no answer, ValueError a sentence ---------------------------


def _number(one: Question, value: Any) -> int | None:
    if value is None or value == "":
        return None
    low, high = SCALES[Ask(one["ask"])]
    text = str(value)
    is_whole = not isinstance(value, bool) and text.isascii() and text.isdecimal()
    if not is_whole or len(text) > MOST_NUMBER or not low <= int(text) <= high:
        raise ValueError(_("请在给出的分数里选择"))
    return int(text)


def _one(one: Question, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in _keys(one["options"]):
        raise ValueError(_("请在给出的选项里选择"))
    return value


def _several(one: Question, value: Any) -> list[str] | None:
    chosen = value if isinstance(value, list) else [] if value in (None, "") else [value]
    known = _keys(one["options"])
    if any(not isinstance(v, str) or v not in known for v in chosen):
        raise ValueError(_("请在给出的选项里选择"))
    return [key for key in known if key in chosen] or None


def _yes(one: Question, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if value not in (YES, NO):
        raise ValueError(_("请选择“是”或“否”"))
    return str(value)


def _text(one: Question, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(_("请填写文字"))
    text = _written(value)
    most = LONGEST_LINE if one["ask"] == Ask.LINE else LONGEST_TEXT
    if one["ask"] == Ask.LINE:
        text = " ".join(text.split())
    if len(text) > most:
        sentence = _("最多写 %(most)s 字，现在是 %(now)s 字，请缩短")
        raise ValueError(sentence % {"most": most, "now": len(text)})
    return text or None


def _written(text: str) -> str:
    """Text as a database can keep it."""
    plain = text.replace("\x00", "").encode("utf-8", "replace").decode()
    return plain.replace("\r\n", "\n").strip()


def _matrix(one: Question, value: Any) -> dict[str, int] | None:
    if value is None or value == "":
        return None
    if not isinstance(value, Mapping):
        raise ValueError(_("请在给出的分数里选择"))
    rows = _keys(one["rows"])
    if any(row not in rows for row in value):
        raise ValueError(_("请在给出的选项里选择"))
    found = {row: number for row in rows if (number := _number(one, value.get(row))) is not None}
    if one["required"] and found and len(found) < len(rows):
        raise ValueError(_("每一行都请选一个分数"))
    return found or None


def _keys(named: Sequence[Mapping[str, str]]) -> list[str]:
    return [one["key"] for one in named]


READERS: dict[Ask, Any] = {
    Ask.CSAT: _number,
    Ask.NPS: _number,
    Ask.CES: _number,
    Ask.ONE: _one,
    Ask.SEVERAL: _several,
    Ask.YES: _yes,
    Ask.LINE: _text,
    Ask.TEXT: _text,
    Ask.MATRIX: _matrix,
}
