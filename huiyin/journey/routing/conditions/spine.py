"""The table of what a complaint can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.conditions.words import NO, YES, Kind
from huiyin.ground.customers.words import Care, Level
from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.intake.words import Via
from huiyin.journey.routing.conditions import facts, parts
from huiyin.journey.routing.conditions.asked import Asked, zone
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.models import Category
from huiyin.journey.triage.words import Emotion, Risk

WEEKDAYS = (
    *(("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四"))),
    *(("5", _("周五")), ("6", _("周六")), ("7", _("周日"))),
)


def team_choices() -> Sequence[tuple[str, str]]:
    return list(Team.objects.filter(retired_at=None).values_list("code", "name"))


def people_choices() -> Sequence[tuple[str, str]]:
    working = User.objects.active().exclude(roles=[])
    return list(working.values_list("username", "name"))


def category_choices() -> Sequence[tuple[str, str]]:
    """The taxonomy from memory, each below its own, further in."""
    known = knowledge.current().categories.values()
    used = sorted((c for c in known if c.retired_at is None), key=lambda c: (c.place, c.code))
    return [(c.code, "　" * c.code.count(".") + f"{c.name}（{c.code}）") for c in used]


def severities() -> Sequence[tuple[str, Any]]:
    return [(str(value), label) for value, label in Severity.choices]


def sla_choices() -> Sequence[tuple[str, str]]:
    known = knowledge.current().categories.values()
    return [(code, code) for code in sorted({c.sla_code for c in known if c.sla_code})]


def response_choices() -> Sequence[tuple[str, Any]]:
    field: Any = apps.get_model("closure", "Feedback")._meta.get_field("kinds")
    return list(field.base_field.choices)


def rule_choices() -> Sequence[tuple[str, str]]:
    known = knowledge.current().handling.values()
    return [(one.code, f"{one.code} {one.name}") for one in sorted(known, key=lambda r: r.code)]


SPINE: tuple[Asked, ...] = (
    Asked(
        key="severity",
        label=_("严重程度"),
        kind=Kind.CHOICE,
        choices=severities,
        read=lambda c, now: c.severity,
        ask=parts.choice("severity", empty=None, as_=parts.numbers),
    ),
    Asked(
        key="category",
        label=_("类别"),
        kind=Kind.CATEGORY,
        choices=category_choices,
        read=lambda c, now: c.category,
        ask=parts.category,
    ),
    Asked(
        key="sla",
        label=_("时限档次"),
        kind=Kind.CHOICE,
        choices=sla_choices,
        read=lambda c, now: Category.objects.sla_of(c.category),
        ask=parts.by_category("sla_code"),
    ),
    Asked(
        key="handling_rule",
        label=_("处理规则"),
        kind=Kind.CHOICE,
        choices=rule_choices,
        read=lambda c, now: Category.objects.rule_of(c.category),
        ask=parts.by_category("handling_rule"),
    ),
    Asked(
        key="channel",
        label=_("渠道"),
        kind=Kind.CHOICE,
        choices=lambda: Channel.choices,
        read=lambda c, now: c.channel,
        ask=parts.choice("channel"),
    ),
    Asked(
        key="via",
        label=_("登记入口"),
        kind=Kind.CHOICE,
        choices=lambda: Via.choices,
        read=lambda c, now: facts.via(c),
        ask=parts.choice("intake__via", empty=None),
    ),
    Asked(
        key="status",
        label=_("环节"),
        kind=Kind.CHOICE,
        choices=lambda: Status.choices,
        read=lambda c, now: c.status,
        ask=parts.choice("status"),
    ),
    Asked(
        key="risks",
        label=_("风险"),
        kind=Kind.SET,
        choices=lambda: Risk.choices,
        read=lambda c, now: c.risks,
        ask=parts.set_of("risks"),
    ),
    Asked(
        key="emotion",
        label=_("情绪"),
        kind=Kind.CHOICE,
        choices=lambda: Emotion.choices,
        read=lambda c, now: c.emotion,
        ask=parts.choice("emotion"),
    ),
    Asked(
        key="team",
        label=_("小组"),
        kind=Kind.CHOICE,
        choices=team_choices,
        read=lambda c, now: c.team.code if c.team else "",
        ask=parts.choice("team", empty=None, as_=parts.teams),
    ),
    Asked(
        key="assignee",
        label=_("处理人"),
        kind=Kind.CHOICE,
        choices=people_choices,
        read=lambda c, now: facts.name_of(c.assignee),
        ask=parts.choice("assignee", empty=None, as_=parts.people),
    ),
    Asked(
        key="owner",
        label=_("首接负责人"),
        kind=Kind.CHOICE,
        choices=people_choices,
        read=lambda c, now: facts.name_of(c.owner),
        ask=parts.choice("owner", empty=None, as_=parts.people),
    ),
    Asked(
        key="customer_level",
        label=_("客户级别"),
        kind=Kind.CHOICE,
        choices=lambda: Level.choices,
        read=lambda c, now: c.customer.level,
        ask=parts.choice("customer__level"),
    ),
    Asked(
        key="customer_care",
        label=_("客户关怀"),
        kind=Kind.SET,
        choices=lambda: Care.choices,
        read=lambda c, now: c.customer.care,
        ask=parts.set_of("customer__care"),
    ),
    Asked(
        key="customer_language",
        label=_("客户语言"),
        kind=Kind.CHOICE,
        choices=lambda: settings.LANGUAGES,
        read=lambda c, now: c.customer.language,
        ask=parts.choice("customer__language"),
    ),
    Asked(
        key="contact_count",
        label=_("来诉次数"),
        kind=Kind.NUMBER,
        unit=_("次"),
        read=lambda c, now: c.contact_count,
        ask=parts.count,
    ),
    Asked(
        key="order_no",
        label=_("订单号"),
        kind=Kind.LINE,
        read=lambda c, now: c.order_no,
        ask=parts.line("order_no"),
    ),
    Asked(
        key="wanted",
        label=_("诉求"),
        kind=Kind.LINE,
        read=lambda c, now: c.wanted,
        ask=parts.line("wanted"),
    ),
    Asked(key="text", label=_("全文"), kind=Kind.TEXT, read=facts.fulltext, ask=parts.search_for),
    Asked(
        key="received_hours",
        label=_("受理至今"),
        kind=Kind.NUMBER,
        unit=_("小时"),
        read=lambda c, now: facts.in_hours(now - c.received_at),
        ask=parts.received,
    ),
    Asked(
        key="due_hours",
        label=_("距离到期"),
        kind=Kind.NUMBER,
        unit=_("小时"),
        read=facts.hours_left,
        ask=parts.due,
    ),
    Asked(
        key="promise_hours",
        label=_("距离承诺到期"),
        kind=Kind.NUMBER,
        unit=_("小时"),
        read=facts.promise_hours,
        ask=parts.promise_due,
    ),
    Asked(
        key="overdue", label=_("已超时"), kind=Kind.YES, read=facts.is_overdue, ask=parts.overdue
    ),
    Asked(
        key="received_hour",
        label=_("受理时刻"),
        kind=Kind.NUMBER,
        unit=_("点"),
        read=lambda c, now: c.received_at.astimezone(zone()).hour,
        ask=parts.hour,
    ),
    Asked(
        key="received_weekday",
        label=_("受理星期"),
        kind=Kind.CHOICE,
        choices=lambda: WEEKDAYS,
        read=lambda c, now: c.received_at.astimezone(zone()).isoweekday(),
        ask=parts.weekday,
    ),
    Asked(
        key="response_kind",
        label=_("答复种类"),
        kind=Kind.SET,
        choices=response_choices,
        read=lambda c, now: facts.response_kinds(c),
        ask=parts.response_kinds,
    ),
    Asked(
        key="restricted",
        label=_("限制查看"),
        kind=Kind.YES,
        read=lambda c, now: YES if c.restricted else NO,
        ask=parts.yes(Q(restricted=True), Q(restricted=False)),
    ),
    Asked(
        key="supervised",
        label=_("正在督办"),
        kind=Kind.YES,
        read=lambda c, now: YES if c.supervised else NO,
        ask=parts.yes(~Q(supervised=""), Q(supervised="")),
    ),
)
BY_KEY = {one.key: one for one in SPINE}
