"""A custom field's condition as lines a person can type, and back. Pure.

    任一
    类别 属于 PD.03, SF.02
    订单号 为空

Without a first line 任一 all lines must hold; 总是 alone is always true; nothing is no condition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANY = gettext_lazy("任一")
ALWAYS = gettext_lazy("总是")
OPERATORS = {
    "under": gettext_lazy("属于"),
    "equal": gettext_lazy("等于"),
    "not_equal": gettext_lazy("不等于"),
    "one_of": gettext_lazy("是其中之一"),
    "contains": gettext_lazy("包含"),
    "filled": gettext_lazy("已填写"),
    "empty": gettext_lazy("为空"),
    "more": gettext_lazy("大于"),
    "less": gettext_lazy("小于"),
    "at_least": gettext_lazy("不小于"),
    "at_most": gettext_lazy("不大于"),
}
FACTS = {
    "category": gettext_lazy("类别"),
    "channel": gettext_lazy("渠道"),
    "order_no": gettext_lazy("订单号"),
    "wanted": gettext_lazy("诉求"),
}
WITHOUT_VALUE = ("filled", "empty")


def to_text(condition: Mapping[str, Any] | None) -> str | None:
    """The lines of a condition; None when it is nested deeper than lines can say."""
    if condition is None:
        return ""
    [(joined, lines)] = condition.items()
    if not lines:
        return str(ALWAYS)
    told = [str(ANY)] if joined == "any" else []
    for line in lines:
        if "is" not in line:
            return None
        value = line.get("value", "")
        values = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        words = (FACTS.get(line["field"], line["field"]), OPERATORS[line["is"]], values)
        told.append(" ".join(str(word) for word in words if word))
    return "\n".join(told)


def from_text(text: str) -> dict[str, Any] | None:
    """The condition of these lines. Raises ValueError with a sentence that quotes the bad line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    first = lines[0].rstrip(":：").lower()
    if first in (str(ALWAYS).lower(), "always"):
        return {"all": []}
    is_any = first in (str(ANY).lower(), "any")
    return {"any" if is_any else "all": [_line(line) for line in (lines[1:] if is_any else lines)]}


def _line(line: str) -> dict[str, Any]:
    found = next((hit for code in OPERATORS if (hit := _read(line, code))), None)
    if found is None:
        raise ValueError(
            _("看不懂这一行：“%(line)s”。请写成：字段 关系 值，例如 类别 属于 PD.03")
            % {"line": line}
        )
    name, code, typed = found
    field = next((f for f, word in FACTS.items() if name == str(word)), name)
    if code in WITHOUT_VALUE:
        return {"field": field, "is": code}
    values = [value for value in re.split(r"[,，、\s]+", typed) if value]
    if not values:
        raise ValueError(_("这一行缺少要比较的值：“%(line)s”") % {"line": line})
    several = code == "one_of" or len(values) > 1
    return {"field": field, "is": code, "value": values if several else values[0]}


def _read(line: str, code: str) -> tuple[str, str, str] | None:
    """(field, operator, value) if this is the line's operator, by its word or by its code."""
    words = "|".join(re.escape(word) for word in (str(OPERATORS[code]), code))
    found = re.fullmatch(rf"(.+?)\s+(?:{words})(?:\s+(.*))?", line, re.IGNORECASE)
    return (found[1], code, found[2] or "") if found else None
