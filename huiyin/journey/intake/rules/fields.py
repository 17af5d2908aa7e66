"""Custom fields: when one is shown or required, and whether an answer fits. Pure.

A condition is JSON that a form can build and a person can read:
    {"all": [{"field": "category", "is": "under", "value": "PD"}, …]}   (or "any")
`None` as shown_when means always, as required_when never. Fields of a condition are the facts of
the complaint (category, channel, order_no, wanted, happened_on, …) and other fields' keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from huiyin.journey.intake.rules.text import cleaned, text_fault
from huiyin.journey.intake.words import FieldType

Condition = Mapping[str, Any]
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_ANSWER = 2000
LARGEST_MONEY_FEN = 10**13  # 100 billion yuan: more is a typing error
LARGEST_NUMBER = Decimal(10) ** 15
MOST_CONDITIONS = 20
MOST_FILES = 10
MOST_UNKNOWN = 20  # told of at once
EXAMPLE = '{"all": [{"field": "category", "is": "under", "value": "PD"}]}'


@dataclass(frozen=True)
class FieldSpec:
    """One field as the rules see it. `options` are (value, label) pairs."""

    key: str
    type: str
    label: str
    categories: tuple[str, ...] = ()  # code prefixes; none means every category
    shown_when: Condition | None = None
    required_when: Condition | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[tuple[str, str], ...] = ()


def under(code: str, prefix: str) -> bool:
    """True when `code` is `prefix` or below it: PD.01.02 is under PD.01, PD.011 is not."""
    return code == prefix or code.startswith(prefix + ".")


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value == []


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Numbers as numbers, else text as text (days written 2026-11-23 sort rightly)."""

    def compare(value: object, with_: object) -> bool:
        if _is_empty(value):
            return False
        left, right = _number(value), _number(with_)
        if left is not None and right is not None:
            return test(left, right)
        return test(str(value), str(with_))

    return compare


def _listed(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda value, with_: str(value) == str(with_),
    "not_equal": lambda value, with_: str(value) != str(with_),
    "under": lambda value, with_: any(under(str(value), str(prefix)) for prefix in _listed(with_)),
    "one_of": lambda value, with_: str(value) in _listed(with_),
    "contains": lambda value, with_: (
        str(with_) in _listed(value) if isinstance(value, list) else str(with_) in str(value or "")
    ),
    "filled": lambda value, with_: not _is_empty(value),
    "empty": lambda value, with_: _is_empty(value),
    "more": _compare(lambda a, b: a > b),
    "less": _compare(lambda a, b: a < b),
    "at_least": _compare(lambda a, b: a >= b),
    "at_most": _compare(lambda a, b: a <= b),
}


def holds(condition: Condition | None, facts: Mapping[str, Any]) -> bool:
    """Whether the condition is true of these facts; an empty `all` is true, an empty `any` not."""
    if condition is None:
        return False
    if "any" in condition:
        return any(_line_holds(line, facts) for line in condition["any"])
    return all(_line_holds(line, facts) for line in condition.get("all", ()))


def _line_holds(line: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    if "all" in line or "any" in line:
        return holds(line, facts)
    return OPERATORS[line["is"]](facts.get(line["field"], ""), line.get("value", ""))


def applies(spec: FieldSpec, category: str) -> bool:
    """Whether the field belongs to this category, whatever else was answered."""
    return not spec.categories or any(under(category, prefix) for prefix in spec.categories)


def is_shown(spec: FieldSpec, facts: Mapping[str, Any]) -> bool:
    return applies(spec, str(facts.get("category") or "")) and (
        spec.shown_when is None or holds(spec.shown_when, facts)
    )


def is_required(spec: FieldSpec, facts: Mapping[str, Any]) -> bool:
    return is_shown(spec, facts) and holds(spec.required_when, facts)


def validate(
    specs: Iterable[FieldSpec],
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    require: bool = True,
) -> tuple[dict[str, Any], dict[str, str]]:
    """(clean answers, error sentence by key). Hidden fields' answers are dropped.

    While the category is still unknown every field may be answered and none is required: whoever
    writes by API need not know our taxonomy. An answer to a field that does not exist is an error.
    """
    known = {spec.key: spec for spec in specs}
    clean: dict[str, Any] = {}
    unknown = [str(key)[:40] for key in answers if key not in known][:MOST_UNKNOWN]
    # A name that cannot be written cannot be answered with either.
    errors = {key.encode("ascii", "replace").decode(): _("没有这个字段") for key in unknown}
    for key, spec in known.items():
        value, fault = clean_answer(spec, answers.get(key))
        if fault:
            errors[key] = fault
        elif not _is_empty(value):
            clean[key] = value
    if not facts.get("category"):
        return clean, errors
    everything = {**clean, **facts}
    for key, spec in known.items():
        if not is_shown(spec, everything):
            clean.pop(key, None)
            errors.pop(key, None)
        elif require and key not in clean and key not in errors and is_required(spec, everything):
            errors[key] = _("请填写%(label)s") % {"label": spec.label}
    return clean, errors


def clean_answer(spec: FieldSpec, raw: object) -> tuple[Any, str]:
    """(value as it is stored, "") or (None, sentence). Nothing typed is (None, "")."""
    if isinstance(raw, str):
        if fault := text_fault(raw, longest=LONGEST_ANSWER):
            return None, fault
        raw = cleaned(raw)
    if _is_empty(raw):
        return None, ""
    return CLEANERS[spec.type](spec, raw)


Cleaned = tuple[Any, str]


def _text(spec: FieldSpec, raw: Any) -> Cleaned:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        return None, _("这里需要文字")
    value = str(raw)
    longest = int(spec.limits.get("max_length") or LONGEST_ANSWER)
    if len(value) > longest:
        return None, _("最多 %(longest)s 字") % {"longest": longest}
    shortest = int(spec.limits.get("min_length") or 0)
    if len(value) < shortest:
        return None, _("至少 %(shortest)s 字") % {"shortest": shortest}
    return value, ""


def _plain_number(raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    text = str(raw).translate(FULL_WIDTH).replace(",", "").replace(" ", "")
    number = _number(text)
    return number if number is not None and abs(number) < LARGEST_NUMBER else None


FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－￥", "0123456789.,-¥")


def _within(spec: FieldSpec, number: Decimal, unit: str = "") -> str:
    least, most = _number(spec.limits.get("min", "")), _number(spec.limits.get("max", ""))
    if least is not None and number < least:
        return _("不能小于 %(least)s") % {"least": f"{least}{unit}"}
    if most is not None and number > most:
        return _("不能大于 %(most)s") % {"most": f"{most}{unit}"}
    return ""


def _count(spec: FieldSpec, raw: Any) -> Cleaned:
    number = _plain_number(raw)
    if number is None:
        return None, _("这里需要数字，例如 3")
    if fault := _within(spec, number):
        return None, fault
    if number == number.to_integral_value():
        return int(number), ""
    if spec.limits.get("whole"):
        return None, _("这里需要整数")
    return str(number.normalize()), ""


def _money(spec: FieldSpec, raw: Any) -> Cleaned:
    """Yuan as typed (¥399.50, 399元) to fen; limits are in yuan."""
    if isinstance(raw, str):
        raw = raw.translate(FULL_WIDTH).strip().lstrip("¥").removesuffix("元").removesuffix("块")
    yuan = _plain_number(raw)
    if yuan is None or yuan < 0:
        return None, _("这里需要金额，例如 399 或 399.50")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        return None, _("金额最多两位小数")
    if fen > LARGEST_MONEY_FEN:
        return None, _("金额太大，请检查是否多输了数字")
    if fault := _within(spec, yuan, _(" 元")):
        return None, fault
    return int(fen), ""


def _day(spec: FieldSpec, raw: Any) -> Cleaned:
    try:
        day = date.fromisoformat(str(raw).strip().replace("/", "-")[:10])
    except ValueError:
        return None, _("这里需要日期，例如 2026-11-23")
    if not 1900 <= day.year <= 2200:
        return None, _("这里需要日期，例如 2026-11-23")
    least, most = str(spec.limits.get("min") or ""), str(spec.limits.get("max") or "")
    if least and day.isoformat() < least:
        return None, _("不能早于 %(least)s") % {"least": least}
    if most and day.isoformat() > most:
        return None, _("不能晚于 %(most)s") % {"most": most}
    return day.isoformat(), ""


def _choice(spec: FieldSpec, raw: Any) -> Cleaned:
    value = str(raw)
    if value not in {option for option, _label in spec.options}:
        return None, _("请从列出的选项中选择")
    return value, ""


def _choices(spec: FieldSpec, raw: Any) -> Cleaned:
    values = list(dict.fromkeys(_listed(raw)))
    if not set(values) <= {option for option, _label in spec.options}:
        return None, _("请从列出的选项中选择")
    most = int(spec.limits.get("max_choices") or len(spec.options))
    if len(values) > most:
        return None, _("最多选 %(most)s 项") % {"most": most}
    return values, ""


def _files(spec: FieldSpec, raw: Any) -> Cleaned:
    """Keys of files that were uploaded with the draft; whose they are the act checks."""
    values = list(dict.fromkeys(_listed(raw)))
    if len(values) > int(spec.limits.get("max_files") or MOST_FILES):
        return None, _("文件太多，请只上传必要的")
    if not all(re.fullmatch(r"[0-9a-f]{32}", value) for value in values):
        return None, _("请先上传文件")
    return values, ""


CLEANERS: dict[str, Callable[[FieldSpec, Any], Cleaned]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _count,
    FieldType.MONEY: _money,
    FieldType.DATE: _day,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choices,
    FieldType.FILE: _files,
}


def shown_value(spec: FieldSpec, value: Any) -> str:
    """An answer as people read it: ¥399.50, labels for choices, 2 个文件."""
    if _is_empty(value):
        return ""
    labels = dict(spec.options)
    match spec.type:
        case FieldType.MONEY:
            return f"¥{Decimal(value) / 100:,.2f}"
        case FieldType.CHOICE:
            return str(labels.get(value, value))
        case FieldType.MULTI_CHOICE:
            return "、".join(str(labels.get(v, v)) for v in _listed(value))
        case FieldType.FILE:
            return _("%(count)s 个文件") % {"count": len(_listed(value))}
        case _:
            return str(value)


def check_definition(spec: FieldSpec) -> list[str]:
    """Sentences on what is wrong with a field's definition; whoever edits fields reads them."""
    faults = []
    if not KEY.fullmatch(spec.key):
        faults.append(_("字段代码只能用小写英文字母、数字和下划线，以字母开头，最多 40 个字符"))
    if spec.type not in FieldType.values:
        faults.append(_("请选择字段类型"))
    if spec.type in (FieldType.CHOICE, FieldType.MULTI_CHOICE) and not spec.options:
        faults.append(_("选择类字段至少要有一个选项"))
    if not str(spec.label).strip():
        faults.append(_("请填写字段名称"))
    for condition in (spec.shown_when, spec.required_when):
        if condition is not None and not _is_condition(condition):
            faults.append(_("条件写法不对，例如 %(example)s") % {"example": EXAMPLE})
    return faults


def _is_condition(condition: object, depth: int = 0) -> bool:
    if not isinstance(condition, Mapping) or depth > 3 or len(condition) != 1:
        return False
    [(joined, lines)] = condition.items()
    if joined not in ("all", "any") or not isinstance(lines, list) or len(lines) > MOST_CONDITIONS:
        return False
    return all(_is_line(line, depth) for line in lines)


def _is_line(line: object, depth: int) -> bool:
    if not isinstance(line, Mapping):
        return False
    if "all" in line or "any" in line:
        return _is_condition(line, depth + 1)
    return isinstance(line.get("field"), str) and line.get("is") in OPERATORS
