"""The parts of a query: each question as an expression over the table."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Q, Value
from django.db.models import lookups as sql
from django.db.models.fields import DecimalField
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from huiyin.ground.conditions import rules
from huiyin.ground.conditions.words import NO, WITHOUT_VALUE, YES, Operator
from huiyin.ground.people.models import Team, User
from huiyin.ground.search import rules as search
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.routing.conditions.asked import ALWAYS, HOUR, NEVER, zone
from huiyin.journey.triage import knowledge

MOST_HOURS = Decimal(10) ** 6
LARGEST_COUNT = 2**31 - 1


def every(parts: Any) -> Q:
    found = Q()
    for part in parts:
        found &= part
    return found


def some(parts: Any) -> Q:
    several = list(parts)
    if any(not part for part in several):  # an empty Q is true, and would vanish in an "or"
        return ALWAYS
    found = NEVER
    for part in several:
        found |= part
    return found


def values_of(value: Any) -> list[str]:
    return rules.listed(value)


def choice(name: str, *, empty: Any = "", as_: Callable[[list[str]], Any] | None = None) -> Any:
    """A field that holds one of several values."""

    def ask(is_: str, value: Any, now: datetime) -> Q:
        missing = Q(**{f"{name}__isnull": True}) if empty is None else Q(**{name: empty})
        if is_ in WITHOUT_VALUE:
            return missing if is_ == Operator.EMPTY else ~missing
        found = Q(**{f"{name}__in": as_(values_of(value)) if as_ else values_of(value)})
        return ~found if is_ in (Operator.NONE_OF, Operator.NOT_EQUAL) else found

    return ask


def numbers(values: list[str]) -> list[int]:
    return [int(v) for v in values if v.isascii() and v.isdecimal() and len(v) < 5]


def teams(codes: list[str]) -> Any:
    return Team.objects.filter(code__in=codes).values("pk")


def people(usernames: list[str]) -> Any:
    return User.objects.filter(username__in=usernames).values("pk")


def category(is_: str, value: Any, now: datetime) -> Q:
    if is_ in (Operator.UNDER, Operator.NOT_UNDER):
        found = NEVER
        for code in values_of(value):
            found |= Q(category=code) | Q(category__startswith=f"{code}.")
        return ~found if is_ == Operator.NOT_UNDER else found
    return choice("category")(is_, value, now)  # type: ignore[no-any-return]


def by_category(name: str) -> Any:
    """What stands at the category: a complaint has it if its category has."""

    def ask(is_: str, value: Any, now: datetime) -> Q:
        known = knowledge.current().categories.values()
        if is_ in WITHOUT_VALUE:
            filled = Q(category__in=[c.code for c in known if getattr(c, name)])
            return ~filled if is_ == Operator.EMPTY else filled
        wanted = values_of(value)
        found = Q(category__in=[c.code for c in known if getattr(c, name) in wanted])
        return ~found if is_ in (Operator.NONE_OF, Operator.NOT_EQUAL) else found

    return ask


def response_kinds(is_: str, value: Any, now: datetime) -> Q:
    """What kinds of response (ISO 10002, annex G) the customer was given, in whichever letter."""
    letters = apps.get_model("closure", "Feedback").objects  # of a later stage: known by name
    if is_ in WITHOUT_VALUE:
        told = Q(pk__in=letters.exclude(kinds=[]).values("complaint"))
        return ~told if is_ == Operator.EMPTY else told
    wanted = values_of(value)
    if is_ == Operator.HAS_ALL:
        each = (letters.filter(kinds__contains=[kind]).values("complaint") for kind in wanted)
        return every(Q(pk__in=one) for one in each)
    found = Q(pk__in=letters.filter(kinds__overlap=wanted).values("complaint"))
    return ~found if is_ == Operator.HAS_NONE else found


def set_of(name: str) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        if is_ in WITHOUT_VALUE:
            return Q(**{name: []}) if is_ == Operator.EMPTY else ~Q(**{name: []})
        if is_ == Operator.HAS_ALL:
            return Q(**{f"{name}__contains": values_of(value)})
        found = Q(**{f"{name}__overlap": values_of(value)})
        return ~found if is_ == Operator.HAS_NONE else found

    return ask


def line(name: str) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        if is_ == Operator.CONTAINS:
            return Q(**{f"{name}__contains": str(value)})
        return choice(name)(is_, value, now)  # type: ignore[no-any-return]

    return ask


def yes(found: Q, not_found: Q) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        wanted = values_of(value)
        return (found if YES in wanted else NEVER) | (not_found if NO in wanted else NEVER)

    return ask


STEPS = {
    Operator.AT_LEAST: "gte",
    Operator.AT_MOST: "lte",
    Operator.MORE: "gt",
    Operator.LESS: "lt",
    Operator.EQUAL: "exact",
}
MIRRORED = {"gte": "lte", "lte": "gte", "gt": "lt", "lt": "gt", "exact": "exact"}


def count(is_: str, value: Any, now: datetime) -> Q:
    """Of whole numbers in the table, against a number that need not be whole."""
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    wanted = Decimal(str(value))
    if is_ in (Operator.EQUAL, Operator.NOT_EQUAL):
        same = Q(contact_count=int(wanted)) if _is_count(wanted) else NEVER
        return same if is_ == Operator.EQUAL else ~same
    up = is_ in (Operator.AT_LEAST, Operator.LESS)
    whole = math.ceil(wanted) if up else math.floor(wanted)
    whole = max(min(whole, LARGEST_COUNT), -LARGEST_COUNT)
    return Q(**{f"contact_count__{STEPS[Operator(is_)]}": whole})


def _is_count(wanted: Decimal) -> bool:
    return wanted == wanted.to_integral_value() and abs(wanted) <= LARGEST_COUNT


def _span(value: Any) -> timedelta:
    hours = max(min(Decimal(str(value)), MOST_HOURS), -MOST_HOURS)
    return timedelta(microseconds=int(hours * HOUR))


def received(is_: str, value: Any, now: datetime) -> Q:
    """Hours since the receipt: the more hours, the earlier."""
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    if is_ == Operator.NOT_EQUAL:
        return ~Q(received_at=now - _span(value))
    return Q(**{f"received_at__{MIRRORED[STEPS[Operator(is_)]]}": now - _span(value)})


RUNS = Q(status__in=OPEN, next_due_at__isnull=False)
RUNS_NOT = ~Q(status__in=OPEN) | Q(next_due_at__isnull=True)


def due(is_: str, value: Any, now: datetime) -> Q:
    """Hours until the next limit, below nothing when it is past; none where no clock runs."""
    if is_ in WITHOUT_VALUE:
        return RUNS if is_ == Operator.FILLED else RUNS_NOT
    at = now + _span(value)
    if is_ == Operator.NOT_EQUAL:
        return RUNS_NOT | ~Q(next_due_at=at)
    return RUNS & Q(**{f"next_due_at__{STEPS[Operator(is_)]}": at})


def promise_due(is_: str, value: Any, now: datetime) -> Q:
    """Hours until the promise that is due first; none where none is open."""
    promised = Q(promise_due_at__isnull=False)
    if is_ in WITHOUT_VALUE:
        return promised if is_ == Operator.FILLED else ~promised
    at = now + _span(value)
    if is_ == Operator.NOT_EQUAL:
        return ~promised | ~Q(promise_due_at=at)
    return promised & Q(**{f"promise_due_at__{STEPS[Operator(is_)]}": at})


def overdue(is_: str, value: Any, now: datetime) -> Q:
    late = RUNS & Q(next_due_at__lt=now)
    return yes(late, RUNS_NOT | Q(next_due_at__gte=now))(is_, value, now)  # type: ignore[no-any-return]


def hour(is_: str, value: Any, now: datetime) -> Q:
    hour = ExtractHour("received_at", tzinfo=zone())
    return by_expression(hour, is_, Decimal(str(value or 0)))


def weekday(is_: str, value: Any, now: datetime) -> Q:
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    day = ExtractIsoWeekDay("received_at", tzinfo=zone())
    found = Q(sql.In(day, numbers(values_of(value)))) if numbers(values_of(value)) else NEVER
    return ~found if is_ in (Operator.NONE_OF, Operator.NOT_EQUAL) else found


def by_expression(expression: Any, is_: str, wanted: Decimal) -> Q:
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    number = Value(wanted, output_field=DecimalField())
    compare = {
        Operator.AT_LEAST: sql.GreaterThanOrEqual,
        Operator.AT_MOST: sql.LessThanOrEqual,
        Operator.MORE: sql.GreaterThan,
        Operator.LESS: sql.LessThan,
    }.get(Operator(is_), sql.Exact)
    found = Q(compare(expression, number))
    return ~found if is_ == Operator.NOT_EQUAL else found


def search_for(is_: str, value: Any, now: datetime) -> Q:
    words = search.query(str(value))
    found = Q(search__matches=words) if words else NEVER
    return ~found if is_ == Operator.NOT_CONTAINS else found
