"""Custom fields: when one is shown or required, and whether an answer fits. Pure.

Conditions are those of `ground.conditions`. `None` as shown_when means always, as required_when
never. A condition asks the facts of the complaint (category, channel, order_no, wanted,
happened_on, …) and other fields by their keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from huiyin.ground.conditions import rules as conditions
from huiyin.ground.conditions.rules import Condition, holds, is_empty, listed, number, under
from huiyin.ground.sentence import sentence as _
from huiyin.journey.intake.rules.text import cleaned, text_fault
from huiyin.journey.intake.words import FieldType

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_ANSWER = 2000
LARGEST_MONEY_FEN = 10**13  # 100 billion yuan: more is a typing error
LARGEST_NUMBER = Decimal(10) ** 15
MOST_FILES = 10
MOST_UNKNOWN = 20  # told of at once


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
        elif not is_empty(value):
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
    if is_empty(raw):
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
    found = number(text)
    return found if found is not None and abs(found) < LARGEST_NUMBER else None


FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－￥", "0123456789.,-¥")


def _within(spec: FieldSpec, typed: Decimal, unit: str = "") -> str:
    least, most = number(spec.limits.get("min", "")), number(spec.limits.get("max", ""))
    if least is not None and typed < least:
        return _("不能小于 %(least)s") % {"least": f"{least}{unit}"}
    if most is not None and typed > most:
        return _("不能大于 %(most)s") % {"most": f"{most}{unit}"}
    return ""


def _count(spec: FieldSpec, raw: Any) -> Cleaned:
    typed = _plain_number(raw)
    if typed is None:
        return None, _("这里需要数字，例如 3")
    if fault := _within(spec, typed):
        return None, fault
    if typed == typed.to_integral_value():
        return int(typed), ""
    if spec.limits.get("whole"):
        return None, _("这里需要整数")
    return str(typed.normalize()), ""


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
    values = list(dict.fromkeys(listed(raw)))
    if not set(values) <= {option for option, _label in spec.options}:
        return None, _("请从列出的选项中选择")
    most = int(spec.limits.get("max_choices") or len(spec.options))
    if len(values) > most:
        return None, _("最多选 %(most)s 项") % {"most": most}
    return values, ""


def _files(spec: FieldSpec, raw: Any) -> Cleaned:
    """Keys of files that were uploaded with the draft; whose they are the act checks."""
    values = list(dict.fromkeys(listed(raw)))
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
    if is_empty(value):
        return ""
    labels = dict(spec.options)
    match spec.type:
        case FieldType.MONEY:
            return f"¥{Decimal(value) / 100:,.2f}"
        case FieldType.CHOICE:
            return str(labels.get(value, value))
        case FieldType.MULTI_CHOICE:
            return "、".join(str(labels.get(v, v)) for v in listed(value))
        case FieldType.FILE:
            return _("%(count)s 个文件") % {"count": len(listed(value))}
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
        if condition is not None and (wrong := conditions.fault(condition)):
            faults.append(wrong)
    return faults
