"""Conditions: their shape, whether they hold, and how they read. Pure.

A condition is JSON that a form can build and a person can read:
    {"all": [{"field": "category", "is": "under", "value": ["PD"]}, {"any": [ … ]}]}
Nothing (None) is no condition; whoever uses it says what that means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.utils.translation import gettext as _

from huiyin.ground.conditions.words import (
    NO,
    OFFERED,
    UNDERSTOOD,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    YES,
    Kind,
    Operator,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Condition: TypeAlias = Mapping[str, Any]
Words: TypeAlias = "str | _StrPromise"
Out = TypeVar("Out")

MOST_LINES = 40  # in all groups together
MOST_GROUPS = 20
DEEPEST = 4  # groups within groups
MOST_VALUES = 60
LONGEST_VALUE = 100
LONGEST_TYPED = 20_000  # characters of JSON
LARGEST_NUMBER = Decimal(10) ** 12
HUGE = 100  # digits before or behind the point: nobody means such a number
FINEST = -3  # thousandths: an hour's thousandth is what anybody can mean
JOINED = ("all", "any")
NO_CHOICES: Callable[[], Sequence[tuple[str, Words]]] = lambda: ()  # noqa: E731


@dataclass(frozen=True)
class Attribute:
    """Something that can be asked: how it is called, of which kind, with which values."""

    key: str
    label: Words
    kind: str
    choices: Callable[[], Sequence[tuple[str, Words]]] = NO_CHOICES
    unit: Words = ""

    @property
    def operators(self) -> tuple[Operator, ...]:
        return OFFERED[self.kind]

    def understands(self, operator: str) -> bool:
        return operator in OFFERED[self.kind] or operator in UNDERSTOOD[self.kind]


# --- whether it holds ----------------------------------------------------------------------------


def under(code: str, prefix: str) -> bool:
    """True when `code` is `prefix` or below it: PD.01.02 is under PD.01, PD.011 is not."""
    return code == prefix or code.startswith(prefix + ".")


def is_empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == ()


def number(value: object) -> Decimal | None:
    """The number that is meant; None when it is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _exact(value: object) -> Fraction | None:
    """Spans of time come as fractions of an hour, which no decimal can say."""
    if isinstance(value, Fraction):
        return value
    found = number(value)
    return None if found is None or abs(found.adjusted()) > HUGE else Fraction(found)


def listed(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    """Numbers as numbers, else text as text (days written 2026-11-23 sort rightly)."""

    def compare(value: object, with_: object) -> bool:
        if is_empty(value):
            return False
        left, right = _exact(value), _exact(with_)
        if left is not None and right is not None:
            return test(left, right)
        return test(str(value), str(with_))

    return compare


def _equal(value: object, with_: object) -> bool:
    left, right = _exact(value), _exact(with_)
    if left is not None and right is not None and not isinstance(value, str):
        return left == right
    return _text(value) == _text(with_)


def _one_of(value: object, with_: object) -> bool:
    return not is_empty(value) and str(value) in listed(with_)


def _under(value: object, with_: object) -> bool:
    return any(under(_text(value), prefix) for prefix in listed(with_))


@dataclass(frozen=True)
class Fulltext:
    """A text that is not compared letter by letter but searched, as lists search."""

    has: Callable[[str], bool]


def _contains(value: object, with_: object) -> bool:
    if isinstance(value, Fulltext):
        return value.has(str(with_))
    if isinstance(value, list | tuple):
        return str(with_) in listed(value)
    return str(with_) in _text(value)


def _has(value: object) -> set[str]:
    return set() if is_empty(value) else set(listed(value))


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: _equal,
    Operator.NOT_EQUAL: lambda value, with_: not _equal(value, with_),
    Operator.ONE_OF: _one_of,
    Operator.NONE_OF: lambda value, with_: not _one_of(value, with_),
    Operator.UNDER: _under,
    Operator.NOT_UNDER: lambda value, with_: not _under(value, with_),
    Operator.CONTAINS: _contains,
    Operator.NOT_CONTAINS: lambda value, with_: not _contains(value, with_),
    Operator.HAS_ANY: lambda value, with_: bool(_has(value) & set(listed(with_))),
    Operator.HAS_ALL: lambda value, with_: set(listed(with_)) <= _has(value),
    Operator.HAS_NONE: lambda value, with_: not _has(value) & set(listed(with_)),
    Operator.MORE: _compare(lambda a, b: a > b),
    Operator.LESS: _compare(lambda a, b: a < b),
    Operator.AT_LEAST: _compare(lambda a, b: a >= b),
    Operator.AT_MOST: _compare(lambda a, b: a <= b),
    Operator.FILLED: lambda value, with_: not is_empty(value),
    Operator.EMPTY: lambda value, with_: is_empty(value),
}


def fold(
    condition: Condition,
    line: Callable[[Mapping[str, Any]], Out],
    every: Callable[[Iterable[Out]], Out],
    some: Callable[[Iterable[Out]], Out],
) -> Out:
    """Walk a condition: what its lines give, put together by `every` and `some`."""
    joined = every if "all" in condition else some
    lines = condition["all"] if "all" in condition else condition.get("any", ())
    return joined(
        fold(one, line, every, some) if "all" in one or "any" in one else line(one) for one in lines
    )


def holds(condition: Condition | None, facts: Mapping[str, Any]) -> bool:
    """Whether the condition is true of these facts; an empty `all` is true, an empty `any` not."""
    if condition is None:
        return False

    def line(one: Mapping[str, Any]) -> bool:
        return OPERATORS[one["is"]](facts.get(one["field"], ""), one.get("value", ""))

    return fold(condition, line, all, any)


def fields_of(condition: Condition | None) -> set[str]:
    """The keys of the attributes that are asked."""
    if condition is None:
        return set()
    return fold(condition, lambda one: {str(one["field"])}, _united, _united)


def _united(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


# --- whether it is one ---------------------------------------------------------------------------


class _Wrong(ValueError):  # noqa: N818 — a sentence for a person, as Refused is
    """The sentence for whoever wrote it."""


def checked(condition: object, attributes: Iterable[Attribute] | None = None) -> dict[str, Any]:
    """The condition as it is kept. Raises ValueError with a sentence that says what is wrong.

    Without `attributes` any key may be asked: only the shape is looked at.
    """
    known = None if attributes is None else {one.key: one for one in attributes}
    count = {"lines": 0, "groups": 0}
    return _group(condition, known, 1, count)


def fault(condition: object, attributes: Iterable[Attribute] | None = None) -> str:
    """What is wrong with it, in a sentence; "" when nothing is."""
    try:
        checked(condition, attributes)
    except ValueError as wrong:
        return str(wrong)
    return ""


def _group(
    group: object, known: dict[str, Attribute] | None, depth: int, count: dict[str, int]
) -> dict[str, Any]:
    count["groups"] += 1
    if depth > DEEPEST or count["groups"] > MOST_GROUPS:
        raise _Wrong(_("条件嵌套太深或分组太多，请拆成几条更简单的"))
    if not isinstance(group, Mapping) or len(group) != 1:
        raise _Wrong(_("条件的写法不对：每一组只能是“全部满足”或“任一满足”"))
    [(joined, lines)] = group.items()
    if joined not in JOINED or not isinstance(lines, list):
        raise _Wrong(_("条件的写法不对：每一组只能是“全部满足”或“任一满足”"))
    return {joined: [_line_or_group(line, known, depth, count) for line in lines]}


def _line_or_group(
    line: object, known: dict[str, Attribute] | None, depth: int, count: dict[str, int]
) -> dict[str, Any]:
    if isinstance(line, Mapping) and ("all" in line or "any" in line):
        return _group(line, known, depth + 1, count)
    count["lines"] += 1
    if count["lines"] > MOST_LINES:
        raise _Wrong(_("条件太多，最多 %(most)s 条") % {"most": MOST_LINES})
    if not isinstance(line, Mapping) or not set(line) <= {"field", "is", "value"}:
        raise _Wrong(_("条件的写法不对：每一条要有属性、关系和值"))
    key, operator = line.get("field"), line.get("is")
    if not isinstance(key, str) or not isinstance(operator, str) or operator not in OPERATORS:
        raise _Wrong(_("条件的写法不对：每一条要有属性、关系和值"))
    attribute = None if known is None else known.get(key)
    if known is not None and attribute is None:
        raise _Wrong(_("没有“%(key)s”这个属性，请从列表中选择") % {"key": _shown(key)})
    if attribute is not None and not attribute.understands(operator):
        sentence = _("“%(label)s”不能用“%(operator)s”来比较，请重新选择")
        raise _Wrong(sentence % {"label": attribute.label, "operator": Operator(operator).label})
    if operator in WITHOUT_VALUE:
        return {"field": _plain(key), "is": operator}
    value = _value(line.get("value"), operator, attribute)
    return {"field": _plain(key), "is": operator, "value": value}


def _value(value: object, operator: str, attribute: Attribute | None) -> Any:
    name = attribute.label if attribute else _("条件")
    many = value if isinstance(value, list) else [value]
    several = isinstance(value, list)
    if len(many) > MOST_VALUES:
        sentence = _("“%(label)s”选的值太多，最多 %(most)s 个")
        raise _Wrong(sentence % {"label": name, "most": MOST_VALUES})
    if not many or any(not _is_scalar(one) or is_empty(one) for one in many):
        raise _Wrong(_("请为“%(label)s”选择或填写要比较的值") % {"label": name})
    if attribute is None:
        texts: list[Any] = [_plain(one) if isinstance(one, str) else one for one in many]
        return texts if isinstance(value, list) else texts[0]
    if attribute.kind == Kind.NUMBER:
        if several:
            raise _Wrong(_("“%(label)s”只能和一个数字比较") % {"label": name})
        return _number_typed(many[0], name)
    texts = list(dict.fromkeys(_plain(str(one)) for one in many))
    if attribute.kind == Kind.YES and not set(texts) <= {YES, NO}:
        raise _Wrong(_("“%(label)s”只能是“是”或“否”") % {"label": name})
    if several and operator not in WITH_SEVERAL:
        raise _Wrong(_("“%(label)s”只能和一个值比较") % {"label": name})
    return texts if several else texts[0]


def _is_scalar(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return not isinstance(value, float) or math.isfinite(value)


def _number_typed(value: object, name: Words) -> int | str:
    found = number(value) if len(str(value)) <= LONGEST_VALUE else None
    if not isinstance(found, Decimal) or abs(found) >= LARGEST_NUMBER:
        raise _Wrong(_("“%(label)s”要和数字比较，例如 24") % {"label": name})
    exponent = found.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent < FINEST:
        raise _Wrong(_("“%(label)s”要和数字比较，例如 24") % {"label": name})
    return int(found) if found == found.to_integral_value() else str(found.normalize())


def _plain(text: str) -> str:
    """Text as a database can keep it, and not endless."""
    try:
        text.encode()
    except UnicodeEncodeError as wrong:
        raise _Wrong(_("条件里有无法保存的字符，请删去")) from wrong
    if "\x00" in text:
        raise _Wrong(_("条件里有无法保存的字符，请删去"))
    if len(text) > LONGEST_VALUE:
        raise _Wrong(_("条件里的值太长，最多 %(most)s 字") % {"most": LONGEST_VALUE})
    return text


def _shown(text: str) -> str:
    return text[:40].encode("ascii", "replace").decode() if not text.isprintable() else text[:40]


# --- how it reads --------------------------------------------------------------------------------


def in_words(condition: Condition | None, attributes: Iterable[Attribute]) -> str:
    """As a sentence: 严重程度 是 S1 紧急 且（渠道 是 电话 或 客户级别 是 VIP）. "" for none."""
    if condition is None:
        return ""
    known = {one.key: one for one in attributes}
    if not next(iter(condition.values()), []):
        return _("总是") if "all" in condition else _("从不")
    return _group_in_words(condition, known, outer=True)


def _group_in_words(group: Condition, known: dict[str, Attribute], *, outer: bool) -> str:
    word = f" {_('且') if 'all' in group else _('或')} "
    parts = []
    for one in group["all"] if "all" in group else group["any"]:
        if "all" in one or "any" in one:
            inner = _group_in_words(one, known, outer=False)
            parts.append(inner)
        else:
            parts.append(_line_in_words(one, known))
    told = word.join(part for part in parts if part)
    return told if outer or len(parts) < 2 else f"（{told}）"


def _line_in_words(line: Mapping[str, Any], known: dict[str, Attribute]) -> str:
    attribute = known.get(line["field"])
    label = str(attribute.label) if attribute else line["field"]
    operator = str(Operator(line["is"]).label)
    if line["is"] in WITHOUT_VALUE:
        return f"{label} {operator}"
    names: dict[str, Words] = {}
    if attribute is not None:
        names = dict(attribute.choices()) or {YES: _("是"), NO: _("否")}
    values = "、".join(str(names.get(v, v)).strip() for v in listed(line.get("value", "")))
    unit = f" {attribute.unit}" if attribute and attribute.unit else ""
    return f"{label} {operator} {values}{unit}"
