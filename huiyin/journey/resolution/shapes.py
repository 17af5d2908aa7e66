"""The shapes in which a remedy keeps its fields and its steps, and what is typed into them. Pure.

A field: {"name", "label_zh", "label_en", "type", "required", "choices"}; a choice is
{"value", "zh", "en"}. A step: {"what_zh", "what_en", "by", "days"}, done by `handler`, `finance`,
`department:<code>` or `system:<code>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from huiyin.journey.resolution.words import FieldType

Row: TypeAlias = Mapping[str, Any]

MOST_FIELDS = 12
MOST_CHOICES = 20
MOST_STEPS = 12
LONGEST_LABEL = 40
LONGEST_STEP = 120
LONGEST_TEXT = 300
MOST_COUNT = 99_999
MOST_DAYS = 60
MOST_FEN = 10_000_000_000
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
BY = re.compile(r"handler|finance|(department|system):[a-z0-9][a-z0-9_-]{0,39}")


class Wrong(ValueError):  # noqa: N818 — a sentence for a person, as Refused is
    """What is wrong, in a sentence for whoever wrote it; `name` is the field it stands in."""

    def __init__(self, sentence: str, name: str = "") -> None:
        super().__init__(sentence)
        self.name = name


# --- what the console writes ---------------------------------------------------------------------


def checked_fields(rows: object) -> list[dict[str, Any]]:
    """A remedy's fields as they are kept."""
    kept = [_field(row) for row in _rows(rows, MOST_FIELDS)]
    if len({one["name"] for one in kept}) < len(kept):
        raise Wrong(_("有两个字段的代码相同，请改成不同的"))
    return kept


def _field(row: Row) -> dict[str, Any]:
    name, type_ = _text(row, "name", 30), _text(row, "type", 10)
    label = _text(row, "label_zh", LONGEST_LABEL)
    if not NAME.fullmatch(name):
        raise Wrong(_("字段代码要用小写字母开头，只含小写字母、数字和下划线，例如 waybill"))
    if not label:
        raise Wrong(_("请写明每个字段的名称"))
    if type_ not in FieldType.values:
        raise Wrong(_("“%(label)s”的类型不对，请从列表中选择") % {"label": label})
    choices = [_choice(one) for one in _rows(row.get("choices") or [], MOST_CHOICES)]
    if type_ == FieldType.CHOICE and not choices:
        raise Wrong(_("“%(label)s”是选项，请至少写一个可选的值") % {"label": label})
    return {
        "name": name,
        "label_zh": label,
        "label_en": _text(row, "label_en", LONGEST_LABEL * 2),
        "type": type_,
        "required": bool(row.get("required")),
        "choices": choices if type_ == FieldType.CHOICE else [],
    }


def _choice(row: Row) -> dict[str, str]:
    value, zh = _text(row, "value", 40), _text(row, "zh", LONGEST_LABEL)
    if not value or not zh:
        raise Wrong(_("每个选项要有代码和名称"))
    return {"value": value, "zh": zh, "en": _text(row, "en", LONGEST_LABEL * 2)}


def checked_steps(rows: object) -> list[dict[str, Any]]:
    """How a remedy is carried out, as it is kept."""
    return [_step(row) for row in _rows(rows, MOST_STEPS)]


def _step(row: Row) -> dict[str, Any]:
    what, by, days = _text(row, "what_zh", LONGEST_STEP), _text(row, "by", 60), row.get("days")
    if not what:
        raise Wrong(_("请写明每一步要做什么"))
    if not BY.fullmatch(by):
        raise Wrong(_("“%(what)s”由谁执行不清楚，请从列表中选择") % {"what": what})
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        sentence = _("“%(what)s”的期限应在 0 到 %(most)s 个工作日之间")
        raise Wrong(sentence % {"what": what, "most": MOST_DAYS})
    return {"what_zh": what, "what_en": _text(row, "what_en", 200), "by": by, "days": days}


def _rows(rows: object, most: int) -> Sequence[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Wrong(_("这里的写法不对，请刷新页面后重新填写"))
    if len(rows) > most:
        raise Wrong(_("这里最多 %(most)s 行") % {"most": most})
    return rows


def _text(row: Row, key: str, most: int) -> str:
    value = row.get(key) or ""
    if not isinstance(value, str):
        raise Wrong(_("这里的写法不对，请刷新页面后重新填写"))
    text = " ".join(value.replace("\0", "").split())
    if len(text) > most:
        raise Wrong(_("“%(text)s…”太长，最多 %(most)s 个字") % {"text": text[:12], "most": most})
    return text


# --- what somebody fills in ----------------------------------------------------------------------


def filled(fields: Iterable[Row], typed: Row) -> dict[str, Any]:
    """What was said in the fields of a remedy, as an offer keeps it; empty ones are left out."""
    if not isinstance(typed, Mapping):
        raise Wrong(_("这里的写法不对，请刷新页面后重新填写"))
    known = list(fields)
    if strange := set(typed) - {one["name"] for one in known}:
        raise Wrong(_("这种补救方式没有“%(name)s”这个字段") % {"name": str(min(strange))[:40]})
    kept = {one["name"]: _value(one, typed.get(one["name"])) for one in known}
    return {name: value for name, value in kept.items() if value not in ("", None)}


def _value(field: Row, value: Any) -> Any:
    name, label = field["name"], field["label_zh"]
    if isinstance(value, str):
        value = " ".join(value.replace("\0", "").split())
    if value in ("", None):
        if field["required"]:
            raise Wrong(_("请填写“%(label)s”") % {"label": label}, name)
        return ""
    read = READ[field["type"]](value, field)
    if read is None:
        raise Wrong(MEANT[field["type"]]() % {"label": label}, name)
    return read


def _read_text(value: Any, field: Row) -> str | None:
    return value if isinstance(value, str) and len(value) <= LONGEST_TEXT else None


def _read_choice(value: Any, field: Row) -> str | None:
    known = {one["value"] for one in field["choices"]}
    return value if isinstance(value, str) and value in known else None


def _read_date(value: Any, field: Row) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _whole(value: Any, most: int) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= most else None


READ: dict[str, Any] = {
    FieldType.TEXT: _read_text,
    FieldType.CHOICE: _read_choice,
    FieldType.DATE: _read_date,
    FieldType.COUNT: lambda value, field: _whole(value, MOST_COUNT),
    FieldType.MONEY: lambda value, field: _whole(value, MOST_FEN),  # fen
}
MEANT: dict[str, Any] = {
    FieldType.TEXT: lambda: _("“%(label)s”太长，最多 300 个字"),
    FieldType.CHOICE: lambda: _("“%(label)s”请从列表中选择"),
    FieldType.DATE: lambda: _("“%(label)s”不是一个存在的日期"),
    FieldType.COUNT: lambda: _("“%(label)s”要填 0 到 99999 的整数"),
    FieldType.MONEY: lambda: _("“%(label)s”的金额不对，请填写 0 以上的金额"),
}


def shown(fields: Iterable[Row], said: Row, language: str) -> list[tuple[str, str]]:
    """What an offer says in its remedy's fields: label and value, in this language."""
    english = language.startswith("en")
    told = []
    for field in fields:
        value = said.get(field["name"])
        if value in ("", None):
            continue
        label = field["label_en"] if english and field["label_en"] else field["label_zh"]
        told.append((label, _in_words(field, value, english)))
    return told


def _in_words(field: Row, value: Any, english: bool) -> str:
    if field["type"] == FieldType.MONEY and isinstance(value, int):
        return f"¥{value // 100:,}.{value % 100:02d}"
    for one in field["choices"]:
        if one["value"] == value:
            return str(one["en"] if english and one["en"] else one["zh"])
    return str(value)


def days_of(steps: Iterable[Row]) -> int:
    """How many working days all the steps take, one after the other."""
    return sum(int(step["days"]) for step in steps)
