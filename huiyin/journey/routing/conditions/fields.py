"""Custom fields as attributes: each question is one look into the index of answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, TextField, Value
from django.db.models import lookups as sql
from django.db.models.fields import DecimalField
from django.utils.translation import gettext_lazy as _

from huiyin.ground.conditions.words import WITHOUT_VALUE, Kind, Operator
from huiyin.journey.intake.models import Answer, Field
from huiyin.journey.intake.words import FieldType
from huiyin.journey.routing.conditions.asked import Asked
from huiyin.journey.routing.conditions.facts import answer_of
from huiyin.journey.routing.conditions.parts import by_expression, some, values_of

ANSWER = "answer."  # begins the key of a custom field


KINDS = {
    FieldType.TEXT: Kind.LINE,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.MONEY: Kind.NUMBER,
    FieldType.DATE: Kind.DAY,
    FieldType.CHOICE: Kind.CHOICE,
    FieldType.MULTI_CHOICE: Kind.SET,
    FieldType.FILE: Kind.LINE,
}


def of_field(field: Field) -> Asked:
    """A custom field: each question is one look into the index of answers by complaint."""
    spec = field.spec
    return Asked(
        key=ANSWER + field.key,
        label=spec.label,
        kind=KINDS[FieldType(field.type)],
        choices=lambda: spec.options,
        unit=_("元") if field.type == FieldType.MONEY else "",
        read=lambda c, now: answer_of(c, field.key),
        ask=lambda is_, value, now: _answered(field, is_, value),
    )


class _AsNumber(Func):
    """A JSON answer as a number; what is none is nothing, whatever else the table holds."""

    template = (
        "(CASE WHEN %(expressions)s ~ '^-?[0-9]+([.][0-9]+)?(E[+-]?[0-9]+)?$' "
        "THEN (%(expressions)s)::numeric END)"
    )
    output_field = DecimalField()  # type: ignore[assignment]


class _AsText(Func):
    template = "(%(expressions)s #>> '{}')"
    output_field = TextField()  # type: ignore[assignment]


def _answered(field: Field, is_: str, value: Any) -> Q:
    rows = Answer.objects.filter(complaint=OuterRef("pk"), field=field)
    if is_ in WITHOUT_VALUE:
        return Q(Exists(rows)) if is_ == Operator.FILLED else ~Q(Exists(rows))
    negative = {
        Operator.NONE_OF: Operator.ONE_OF,
        Operator.NOT_EQUAL: Operator.EQUAL,
        Operator.HAS_NONE: Operator.HAS_ANY,
    }.get(Operator(is_))
    if negative is not None:
        return ~_answered(field, negative, value)
    return Q(Exists(rows.filter(_answer_is(field, is_, value))))


def _answer_is(field: Field, is_: str, value: Any) -> Q:
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        wanted = Decimal(str(value)) * (100 if field.type == FieldType.MONEY else 1)
        return by_expression(_AsNumber(_AsText(F("value"))), is_, wanted)
    if is_ == Operator.HAS_ALL:
        return Q(value__contains=values_of(value))
    if field.type in (FieldType.MULTI_CHOICE, FieldType.FILE):
        return some(Q(value__contains=[one]) for one in values_of(value))
    text: Any = _AsText(F("value"))
    if is_ in (Operator.ONE_OF, Operator.EQUAL):
        return Q(sql.In(text, values_of(value)))
    compare = {
        Operator.CONTAINS: "strpos",
        Operator.AT_LEAST: sql.GreaterThanOrEqual,
        Operator.AT_MOST: sql.LessThanOrEqual,
        Operator.MORE: sql.GreaterThan,
        Operator.LESS: sql.LessThan,
    }[Operator(is_)]
    if compare == "strpos":
        place = Func(text, Value(str(value)), function="strpos", output_field=IntegerField())
        return Q(sql.GreaterThan(place, Value(0)))
    return Q(compare(text, Value(str(value))))  # type: ignore[operator]
