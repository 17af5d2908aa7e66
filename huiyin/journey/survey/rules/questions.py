"""What a question is, and whether a list of them makes a survey. Pure.

A question is JSON: key, ask (its kind), title and help in Chinese and English, required, and by
kind: look, options [{"key","zh","en"}], rows of a matrix; `when`: a condition over the questions
before it, in the grammar of all conditions. None of them asks whether it is shown always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.conditions.rules import Attribute
from huiyin.ground.conditions.words import Kind
from huiyin.journey.survey.words import Ask, Look

MOST_QUESTIONS = 30
MOST_OPTIONS = 20
MOST_ROWS = 10
LONGEST_TITLE = 200
LONGEST_HELP = 300
LONGEST_OPTION = 80
KEY = re.compile(r"q[1-9]\d{0,2}")
OPTION_KEY = re.compile(r"[a-z0-9_]{1,20}")
# The ends of each scale, both included.
SCALES = {Ask.CSAT: (1, 5), Ask.NPS: (0, 10), Ask.CES: (1, 7), Ask.MATRIX: (1, 5)}
WITH_OPTIONS = (Ask.ONE, Ask.SEVERAL)

Question = Mapping[str, Any]


class Wrong(ValueError):  # noqa: N818 — a sentence for a person, as Refused is
    """What is wrong with a survey, in a sentence for whoever designs it."""


def checked(questions: object) -> list[dict[str, Any]]:
    """The questions as they are kept; raises Wrong with the first fault."""
    if not isinstance(questions, list):
        raise Wrong(_("问卷的写法不对：应当是一列问题"))
    if len(questions) > MOST_QUESTIONS:
        raise Wrong(
            _("问题太多，最多 %(most)s 个；一分钟能答完的才有人答") % {"most": MOST_QUESTIONS}
        )
    kept: list[dict[str, Any]] = []
    for at, one in enumerate(questions, 1):
        try:
            kept.append(_question(one, kept))
        except ValueError as wrong:
            raise Wrong(_("第 %(at)s 题：%(fault)s") % {"at": at, "fault": wrong}) from wrong
    return kept


def publishable(questions: Sequence[Question]) -> None:
    """Raises Wrong when nobody could answer it."""
    if not questions:
        raise Wrong(_("问卷里还没有问题，请先添加"))
    if all(one.get("when") for one in questions):
        raise Wrong(_("每一题都有显示条件，客户会看到空白的问卷；请让第一题总是显示"))


def _question(one: object, before: Sequence[Question]) -> dict[str, Any]:
    if not isinstance(one, Mapping):
        raise Wrong(_("问卷的写法不对：应当是一列问题"))
    key = one.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Wrong(_("题号要写成 q1、q2"))
    if any(other["key"] == key for other in before):
        raise Wrong(_("题号 %(key)s 出现了两次") % {"key": key})
    ask = one.get("ask")
    if not isinstance(ask, str) or ask not in Ask.values:
        raise Wrong(_("请选择题型"))
    kept: dict[str, Any] = {
        "key": key,
        "ask": ask,
        "title_zh": _line(one.get("title_zh"), LONGEST_TITLE, missing=_("请写明问什么")),
        "title_en": _line(one.get("title_en"), LONGEST_TITLE),
        "help_zh": _line(one.get("help_zh"), LONGEST_HELP),
        "help_en": _line(one.get("help_en"), LONGEST_HELP),
        "required": one.get("required") is True,
    }
    if ask == Ask.CSAT:
        look = one.get("look") or Look.FACES.value
        if look not in Look.values:
            raise Wrong(_("请选择表情或星级"))
        kept["look"] = str(look)
    if ask in WITH_OPTIONS:
        kept["options"] = _named(one.get("options"), "o", least=2, most=MOST_OPTIONS)
    if ask == Ask.MATRIX:
        kept["rows"] = _named(one.get("rows"), "r", least=1, most=MOST_ROWS)
    kept["when"] = _when(one.get("when"), before)
    return kept


def _line(said: object, most: int, *, missing: str = "") -> str:
    text = " ".join(str(said or "").replace("\x00", "").split()) if isinstance(said, str) else ""
    if missing and not text:
        raise Wrong(missing)
    if len(text) > most:
        raise Wrong(_("文字太长，最多 %(most)s 字") % {"most": most})
    return text


def _named(said: object, letter: str, *, least: int, most: int) -> list[dict[str, str]]:
    """Options or rows; those without a key get the next free one."""
    found = said if isinstance(said, list) else []
    if not least <= len(found) <= most:
        sentence = _("请写 %(least)s 到 %(most)s 项，每行一项")
        raise Wrong(sentence % {"least": least, "most": most})
    kept: list[dict[str, str]] = []
    used = {str(one.get("key") or "") for one in found if isinstance(one, Mapping)}
    for one in found:
        if not isinstance(one, Mapping):
            raise Wrong(_("选项的写法不对"))
        key = str(one.get("key") or "")
        if not key:
            key = next(k for n in range(1, 100) if (k := f"{letter}{n}") not in used)
            used.add(key)
        if not OPTION_KEY.fullmatch(key) or any(other["key"] == key for other in kept):
            raise Wrong(_("选项的写法不对"))
        zh = _line(one.get("zh"), LONGEST_OPTION, missing=_("选项不能为空"))
        if any(other["zh"] == zh for other in kept):
            raise Wrong(_("选项“%(one)s”写了两次") % {"one": zh})
        kept.append({"key": key, "zh": zh, "en": _line(one.get("en"), LONGEST_OPTION)})
    return kept


def _when(said: object, before: Sequence[Question]) -> dict[str, Any] | None:
    if not said:
        return None
    condition = conditions.checked(said, attributes(before))
    return condition if next(iter(condition.values())) else None


def attributes(questions: Iterable[Question], english: bool = False) -> list[Attribute]:
    """What the condition of a later question may ask of these."""
    found: list[Attribute] = []
    for at, one in enumerate(questions, 1):
        label = f"{at}. {said(one, 'title', english)}"[:60]
        found += _attributes(one, label, english)
    return found


def _attributes(one: Question, label: str, english: bool) -> list[Attribute]:
    ask, key = one["ask"], one["key"]
    if ask in (Ask.CSAT, Ask.NPS, Ask.CES):
        return [Attribute(key, label, Kind.NUMBER, unit=_("分"))]
    if ask in WITH_OPTIONS:
        choices = [(o["key"], said(o, "", english)) for o in one["options"]]
        kind = Kind.CHOICE if ask == Ask.ONE else Kind.SET
        return [Attribute(key, label, kind, lambda: choices)]
    if ask == Ask.YES:
        return [Attribute(key, label, Kind.YES)]
    if ask == Ask.MATRIX:
        return [
            Attribute(
                f"{key}.{row['key']}",
                f"{label} · {said(row, '', english)}",
                Kind.NUMBER,
                unit=_("分"),
            )
            for row in one["rows"]
        ]
    return [Attribute(key, label, Kind.LINE)]


def said(one: Question, name: str, english: bool) -> str:
    """A text in one of the two languages; what has no English is told in Chinese."""
    stem = f"{name}_" if name else ""
    return str((english and one.get(f"{stem}en")) or one.get(f"{stem}zh") or "")


def next_key(questions: Iterable[Question]) -> str:
    """The number after the highest, so that no condition means another question suddenly."""
    return f"q{max((int(one['key'][1:]) for one in questions), default=0) + 1}"


def moved(questions: Sequence[dict[str, Any]], key: str, by: int) -> list[dict[str, Any]]:
    """The list with this question one place up (-1) or down (1); the ends stay."""
    found = list(questions)
    at = next((place for place, one in enumerate(found) if one["key"] == key), None)
    if at is not None and 0 <= at + by < len(found):
        found[at], found[at + by] = found[at + by], found[at]
    return found
