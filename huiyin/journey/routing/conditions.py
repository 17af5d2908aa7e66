"""What a complaint can be asked for, of an object and of the table alike.

`matches` asks one complaint, in the table or not yet; `picked` is the same question as one query.
tests/conditions holds the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, TextField, Value
from django.db.models import lookups as sql
from django.db.models.fields import DecimalField
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.utils.translation import gettext_lazy as _

from huiyin.ground.conditions import rules
from huiyin.ground.conditions.rules import Attribute, Condition, Fulltext
from huiyin.ground.conditions.words import NO, WITHOUT_VALUE, YES, Kind, Operator
from huiyin.ground.customers.words import Care, Level
from huiyin.ground.people.models import Team, User
from huiyin.ground.search import rules as search
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.intake.models import Answer, Field
from huiyin.journey.intake.words import FieldType
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.words import Emotion, Risk

PREVIEWED = timedelta(days=7)
MOST_COUNTED = 500
MOST_SHOWN = 5
ANSWER = "answer."  # begins the key of a custom field
HOUR = 3600 * 10**6  # microseconds
MOST_HOURS = Decimal(10) ** 6
LARGEST_COUNT = 2**31 - 1
ALWAYS, NEVER = Q(), Q(pk__in=[])
WEEKDAYS = (
    *(("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四"))),
    *(("5", _("周五")), ("6", _("周六")), ("7", _("周日"))),
)


@dataclass(frozen=True, kw_only=True)
class Asked(Attribute):
    """An attribute with its two answers: of an object, and as a part of a query."""

    read: Callable[[Complaint, datetime], Any]
    ask: Callable[[str, Any, datetime], Q]


def attributes() -> list[Asked]:
    """Everything that can be asked now: the spine, the customer, and the custom fields."""
    return [*SPINE, *(_of_field(field) for field in Field.objects.live())]


def matches(condition: Condition | None, complaint: Complaint, *, now: datetime) -> bool:
    """Whether the condition holds of this complaint, which need not be in the table yet."""
    return rules.holds(condition, _Facts(complaint, now))


def picked(condition: Condition | None, now: datetime) -> Q:
    """The complaints of which the condition holds, as a part of one query."""
    if condition is None:
        return NEVER
    known = _asked_by(condition)

    def line(one: Mapping[str, Any]) -> Q:
        asked = known.get(one["field"])
        if asked is None:  # a custom field that is gone: nobody answered it
            return ALWAYS if rules.OPERATORS[one["is"]]("", one.get("value", "")) else NEVER
        return asked.ask(one["is"], one.get("value", ""), now)

    found: Q = rules.fold(condition, line, _every, _some)
    return found


@dataclass(frozen=True)
class Fitting:
    """How many complaints of the last days fit, as far as somebody sees them, and the latest."""

    count: int
    is_more: bool  # there are more than were counted
    latest: list[Complaint]


def fitting(user: User, condition: Condition | None, now: datetime) -> Fitting:
    """What a condition would have picked lately: bounded, and through the index of receipts."""
    seen = Complaint.objects.visible_to(user).filter(received_at__gte=now - PREVIEWED)
    fit = seen.filter(picked(condition, now)).order_by("-received_at", "-pk")
    keys = list(fit.values_list("pk", flat=True)[: MOST_COUNTED + 1])
    latest = seen.filter(pk__in=keys[:MOST_SHOWN]).for_list().order_by("-received_at", "-pk")
    return Fitting(
        count=min(len(keys), MOST_COUNTED),
        is_more=len(keys) > MOST_COUNTED,
        latest=list(latest) if keys else [],
    )


def in_words(condition: Condition | None) -> str:
    """The condition as a sentence in the reader's language."""
    return rules.in_words(condition, _asked_by(condition).values())


def _every(parts: Any) -> Q:
    found = Q()
    for part in parts:
        found &= part
    return found


def _some(parts: Any) -> Q:
    several = list(parts)
    if any(not part for part in several):  # an empty Q is true, and would vanish in an "or"
        return ALWAYS
    found = NEVER
    for part in several:
        found |= part
    return found


def _asked_by(condition: Condition | None) -> dict[str, Asked]:
    """The attributes that a condition needs; of custom fields only those it names."""
    keys = rules.fields_of(condition)
    known = {one.key: one for one in SPINE if one.key in keys}
    if named := [key.removeprefix(ANSWER) for key in keys if key.startswith(ANSWER)]:
        known |= {(one := _of_field(f)).key: one for f in Field.objects.filter(key__in=named)}
    return known


class _Facts(Mapping[str, Any]):
    """A complaint's facts, each looked up when it is asked for."""

    def __init__(self, complaint: Complaint, now: datetime) -> None:
        self.complaint = complaint
        self.now = now

    def __getitem__(self, key: str) -> Any:
        if key in BY_KEY:
            return BY_KEY[key].read(self.complaint, self.now)
        if key.startswith(ANSWER):
            return _answer(self.complaint, key.removeprefix(ANSWER))
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(BY_KEY)

    def __len__(self) -> int:
        return len(BY_KEY)


# --- the parts of a query ------------------------------------------------------------------------


def _values(value: Any) -> list[str]:
    return rules.listed(value)


def _choice(name: str, *, empty: Any = "", as_: Callable[[list[str]], Any] | None = None) -> Any:
    """A field that holds one of several values."""

    def ask(is_: str, value: Any, now: datetime) -> Q:
        missing = Q(**{f"{name}__isnull": True}) if empty is None else Q(**{name: empty})
        if is_ in WITHOUT_VALUE:
            return missing if is_ == Operator.EMPTY else ~missing
        found = Q(**{f"{name}__in": as_(_values(value)) if as_ else _values(value)})
        return ~found if is_ in (Operator.NONE_OF, Operator.NOT_EQUAL) else found

    return ask


def _numbers(values: list[str]) -> list[int]:
    return [int(v) for v in values if v.isascii() and v.isdecimal() and len(v) < 5]


def _teams(codes: list[str]) -> Any:
    return Team.objects.filter(code__in=codes).values("pk")


def _people(usernames: list[str]) -> Any:
    return User.objects.filter(username__in=usernames).values("pk")


def _category(is_: str, value: Any, now: datetime) -> Q:
    if is_ in (Operator.UNDER, Operator.NOT_UNDER):
        found = NEVER
        for code in _values(value):
            found |= Q(category=code) | Q(category__startswith=f"{code}.")
        return ~found if is_ == Operator.NOT_UNDER else found
    return _choice("category")(is_, value, now)  # type: ignore[no-any-return]


def _set(name: str) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        if is_ in WITHOUT_VALUE:
            return Q(**{name: []}) if is_ == Operator.EMPTY else ~Q(**{name: []})
        if is_ == Operator.HAS_ALL:
            return Q(**{f"{name}__contains": _values(value)})
        found = Q(**{f"{name}__overlap": _values(value)})
        return ~found if is_ == Operator.HAS_NONE else found

    return ask


def _line(name: str) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        if is_ == Operator.CONTAINS:
            return Q(**{f"{name}__contains": str(value)})
        return _choice(name)(is_, value, now)  # type: ignore[no-any-return]

    return ask


def _yes(found: Q, not_found: Q) -> Any:
    def ask(is_: str, value: Any, now: datetime) -> Q:
        wanted = _values(value)
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


def _count(is_: str, value: Any, now: datetime) -> Q:
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


def _received(is_: str, value: Any, now: datetime) -> Q:
    """Hours since the receipt: the more hours, the earlier."""
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    if is_ == Operator.NOT_EQUAL:
        return ~Q(received_at=now - _span(value))
    return Q(**{f"received_at__{MIRRORED[STEPS[Operator(is_)]]}": now - _span(value)})


RUNS = Q(status__in=OPEN, next_due_at__isnull=False)
RUNS_NOT = ~Q(status__in=OPEN) | Q(next_due_at__isnull=True)


def _due(is_: str, value: Any, now: datetime) -> Q:
    """Hours until the next limit, below nothing when it is past; none where no clock runs."""
    if is_ in WITHOUT_VALUE:
        return RUNS if is_ == Operator.FILLED else RUNS_NOT
    at = now + _span(value)
    if is_ == Operator.NOT_EQUAL:
        return RUNS_NOT | ~Q(next_due_at=at)
    return RUNS & Q(**{f"next_due_at__{STEPS[Operator(is_)]}": at})


def _overdue(is_: str, value: Any, now: datetime) -> Q:
    late = RUNS & Q(next_due_at__lt=now)
    return _yes(late, RUNS_NOT | Q(next_due_at__gte=now))(is_, value, now)  # type: ignore[no-any-return]


def _hour(is_: str, value: Any, now: datetime) -> Q:
    hour = ExtractHour("received_at", tzinfo=_zone())
    return _by_expression(hour, is_, Decimal(str(value or 0)))


def _weekday(is_: str, value: Any, now: datetime) -> Q:
    if is_ in WITHOUT_VALUE:
        return ALWAYS if is_ == Operator.FILLED else NEVER
    day = ExtractIsoWeekDay("received_at", tzinfo=_zone())
    found = Q(sql.In(day, _numbers(_values(value)))) if _numbers(_values(value)) else NEVER
    return ~found if is_ in (Operator.NONE_OF, Operator.NOT_EQUAL) else found


def _by_expression(expression: Any, is_: str, wanted: Decimal) -> Q:
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


def _search(is_: str, value: Any, now: datetime) -> Q:
    words = search.query(str(value))
    found = Q(search__matches=words) if words else NEVER
    return ~found if is_ == Operator.NOT_CONTAINS else found


# --- of an object --------------------------------------------------------------------------------


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), HOUR)


def _hours_left(complaint: Complaint, now: datetime) -> Fraction | None:
    due = complaint.next_due_at
    return _hours(due - now) if due is not None and complaint.is_open else None


def _is_overdue(complaint: Complaint, now: datetime) -> str:
    left = _hours_left(complaint, now)
    return YES if left is not None and left < 0 else NO


def _fulltext(complaint: Complaint, now: datetime) -> Fulltext:
    return Fulltext(lambda words: _has_words(complaint, words))


def _has_words(complaint: Complaint, words: str) -> bool:
    asked = search.query(words)
    if not asked:
        return False
    if not complaint._state.adding:
        return Complaint.objects.filter(pk=complaint.pk, search__matches=asked).exists()
    customer = complaint.customer
    said = (complaint.subject, complaint.text, complaint.wanted, complaint.order_no, customer.name)
    return search.is_in(words, *said, *(p.shown for p in customer.contact_points.all()))


def _answer(complaint: Complaint, key: str) -> Any:
    found = Answer.objects.filter(complaint_id=complaint.pk, field__key=key)
    row = found.values_list("value", "field__type").first()
    if row is None:
        return ""
    value, type_ = row
    return Fraction(value, 100) if type_ == FieldType.MONEY else value


def _name_of(person: User | None) -> str:
    return person.username if person else ""


# --- the choices ---------------------------------------------------------------------------------


def _team_choices() -> Sequence[tuple[str, str]]:
    return list(Team.objects.filter(retired_at=None).values_list("code", "name"))


def _people_choices() -> Sequence[tuple[str, str]]:
    working = User.objects.active().exclude(roles=[])
    return list(working.values_list("username", "name"))


def category_choices() -> Sequence[tuple[str, str]]:
    """The taxonomy from memory, each below its own, further in."""
    known = knowledge.current().categories.values()
    used = sorted((c for c in known if c.retired_at is None), key=lambda c: (c.place, c.code))
    return [(c.code, "　" * c.code.count(".") + f"{c.name}（{c.code}）") for c in used]


def _severities() -> Sequence[tuple[str, Any]]:
    return [(str(value), label) for value, label in Severity.choices]


SPINE: tuple[Asked, ...] = (
    Asked(
        key="severity",
        label=_("严重程度"),
        kind=Kind.CHOICE,
        choices=_severities,
        read=lambda c, now: c.severity,
        ask=_choice("severity", empty=None, as_=_numbers),
    ),
    Asked(
        key="category",
        label=_("类别"),
        kind=Kind.CATEGORY,
        choices=category_choices,
        read=lambda c, now: c.category,
        ask=_category,
    ),
    Asked(
        key="channel",
        label=_("渠道"),
        kind=Kind.CHOICE,
        choices=lambda: Channel.choices,
        read=lambda c, now: c.channel,
        ask=_choice("channel"),
    ),
    Asked(
        key="status",
        label=_("环节"),
        kind=Kind.CHOICE,
        choices=lambda: Status.choices,
        read=lambda c, now: c.status,
        ask=_choice("status"),
    ),
    Asked(
        key="risks",
        label=_("风险"),
        kind=Kind.SET,
        choices=lambda: Risk.choices,
        read=lambda c, now: c.risks,
        ask=_set("risks"),
    ),
    Asked(
        key="emotion",
        label=_("情绪"),
        kind=Kind.CHOICE,
        choices=lambda: Emotion.choices,
        read=lambda c, now: c.emotion,
        ask=_choice("emotion"),
    ),
    Asked(
        key="team",
        label=_("小组"),
        kind=Kind.CHOICE,
        choices=_team_choices,
        read=lambda c, now: c.team.code if c.team else "",
        ask=_choice("team", empty=None, as_=_teams),
    ),
    Asked(
        key="assignee",
        label=_("处理人"),
        kind=Kind.CHOICE,
        choices=_people_choices,
        read=lambda c, now: _name_of(c.assignee),
        ask=_choice("assignee", empty=None, as_=_people),
    ),
    Asked(
        key="owner",
        label=_("首接负责人"),
        kind=Kind.CHOICE,
        choices=_people_choices,
        read=lambda c, now: _name_of(c.owner),
        ask=_choice("owner", empty=None, as_=_people),
    ),
    Asked(
        key="customer_level",
        label=_("客户级别"),
        kind=Kind.CHOICE,
        choices=lambda: Level.choices,
        read=lambda c, now: c.customer.level,
        ask=_choice("customer__level"),
    ),
    Asked(
        key="customer_care",
        label=_("客户关怀"),
        kind=Kind.SET,
        choices=lambda: Care.choices,
        read=lambda c, now: c.customer.care,
        ask=_set("customer__care"),
    ),
    Asked(
        key="customer_language",
        label=_("客户语言"),
        kind=Kind.CHOICE,
        choices=lambda: settings.LANGUAGES,
        read=lambda c, now: c.customer.language,
        ask=_choice("customer__language"),
    ),
    Asked(
        key="contact_count",
        label=_("来诉次数"),
        kind=Kind.NUMBER,
        unit=_("次"),
        read=lambda c, now: c.contact_count,
        ask=_count,
    ),
    Asked(
        key="order_no",
        label=_("订单号"),
        kind=Kind.LINE,
        read=lambda c, now: c.order_no,
        ask=_line("order_no"),
    ),
    Asked(
        key="wanted",
        label=_("诉求"),
        kind=Kind.LINE,
        read=lambda c, now: c.wanted,
        ask=_line("wanted"),
    ),
    Asked(key="text", label=_("全文"), kind=Kind.TEXT, read=_fulltext, ask=_search),
    Asked(
        key="received_hours",
        label=_("受理至今"),
        kind=Kind.NUMBER,
        unit=_("小时"),
        read=lambda c, now: _hours(now - c.received_at),
        ask=_received,
    ),
    Asked(
        key="due_hours",
        label=_("距离到期"),
        kind=Kind.NUMBER,
        unit=_("小时"),
        read=_hours_left,
        ask=_due,
    ),
    Asked(key="overdue", label=_("已超时"), kind=Kind.YES, read=_is_overdue, ask=_overdue),
    Asked(
        key="received_hour",
        label=_("受理时刻"),
        kind=Kind.NUMBER,
        unit=_("点"),
        read=lambda c, now: c.received_at.astimezone(_zone()).hour,
        ask=_hour,
    ),
    Asked(
        key="received_weekday",
        label=_("受理星期"),
        kind=Kind.CHOICE,
        choices=lambda: WEEKDAYS,
        read=lambda c, now: c.received_at.astimezone(_zone()).isoweekday(),
        ask=_weekday,
    ),
    Asked(
        key="restricted",
        label=_("限制查看"),
        kind=Kind.YES,
        read=lambda c, now: YES if c.restricted else NO,
        ask=_yes(Q(restricted=True), Q(restricted=False)),
    ),
    Asked(
        key="supervised",
        label=_("正在督办"),
        kind=Kind.YES,
        read=lambda c, now: YES if c.supervised else NO,
        ask=_yes(~Q(supervised=""), Q(supervised="")),
    ),
)
BY_KEY = {one.key: one for one in SPINE}


# --- custom fields -------------------------------------------------------------------------------

KINDS = {
    FieldType.TEXT: Kind.LINE,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.MONEY: Kind.NUMBER,
    FieldType.DATE: Kind.DAY,
    FieldType.CHOICE: Kind.CHOICE,
    FieldType.MULTI_CHOICE: Kind.SET,
    FieldType.FILE: Kind.LINE,
}


def _of_field(field: Field) -> Asked:
    """A custom field: each question is one look into the index of answers by complaint."""
    spec = field.spec
    return Asked(
        key=ANSWER + field.key,
        label=spec.label,
        kind=KINDS[FieldType(field.type)],
        choices=lambda: spec.options,
        unit=_("元") if field.type == FieldType.MONEY else "",
        read=lambda c, now: _answer(c, field.key),
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
        return _by_expression(_AsNumber(_AsText(F("value"))), is_, wanted)
    if is_ == Operator.HAS_ALL:
        return Q(value__contains=_values(value))
    if field.type in (FieldType.MULTI_CHOICE, FieldType.FILE):
        return _some(Q(value__contains=[one]) for one in _values(value))
    text: Any = _AsText(F("value"))
    if is_ in (Operator.ONE_OF, Operator.EQUAL):
        return Q(sql.In(text, _values(value)))
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
