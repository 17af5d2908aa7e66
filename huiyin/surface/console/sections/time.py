"""Policies and their terms, calendars and their days, and the routes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.permissions import can_configure
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.worktime.models import Calendar, CalendarDay
from huiyin.ground.worktime.models import calendar as by_rules
from huiyin.ground.worktime.words import DayKind
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Policy
from huiyin.journey.clocks.words import PolicyStatus
from huiyin.journey.routing.models import Route
from huiyin.journey.triage.models import Category
from huiyin.surface.console import permissions, year
from huiyin.surface.console.forms.time import (
    CalendarForm,
    DayForm,
    HolidayForm,
    PolicyForm,
    RouteForm,
    TermForm,
)
from huiyin.surface.console.section import Column, Filter, Section, Words
from huiyin.surface.console.sections import reminding
from huiyin.surface.console.sections.narrowing import of_choices
from huiyin.surface.console.words import Group


def unverified(policy: Policy) -> Words:
    if policy.status == PolicyStatus.UNVERIFIED:
        return _("这项政策尚未核实，不会生效。请对照原文核对各项时限，填写核实日期后再标为执行中")
    return ""


def replanned(_user: User) -> dict[str, Any]:
    """What the last edit of policies, calendars or days did to open clocks."""
    return {"notice": clocks.progress()}


def years_filter() -> Filter:
    years = CalendarDay.objects.dates("day", "year", order="DESC")
    return Filter(
        "year",
        _("年份"),
        lambda: [(str(year.year), str(year.year)) for year in years.all()],
        lambda value: Q(day__year=int(value)),
    )


def year_of(calendar: Calendar, request: HuiyinRequest) -> dict[str, Any]:
    """The year that is asked for, this one by default, as this calendar sees it."""
    today = moment.today()
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= 2100 else today.year
    wanted = Q(calendar=calendar)
    if calendar.follows_holidays:
        wanted |= Q(calendar=None)
    rows = CalendarDay.objects.filter(wanted, day__year=shown)
    # The calendar's own day beats the national one, so it is put in last.
    special = {row.day: row for row in sorted(rows, key=lambda row: row.calendar_id is not None)}
    return {"year": shown, "months": year.drawn(by_rules(calendar.code), shown, special, today)}


def route_covers(route: Route) -> Words:
    """The categories of a route in words. No query: the names are kept in memory."""
    prefix = route.category_prefix
    if not prefix:
        return _("其他所有类别")
    return Category.objects.names([prefix]).get(prefix, prefix)


def if_received_now(policy: Policy, _request: HuiyinRequest) -> dict[str, Any]:
    """When each limit would be reached by a complaint that comes in at this moment."""
    now = moment.now()
    return {
        "received": now,
        "dues": [(term, clocks.due_of(term, now)) for term in policy.terms.order_by("pk")],
    }


SECTIONS: tuple[Section, ...] = (
    Section(
        name="policies",
        group=Group.TIME,
        icon="scale",
        title=_("时限政策"),
        one=_("政策"),
        about=_("多久内首次响应、解决、反馈、回访，依据哪条法规"),
        model_name="clocks.Policy",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("law", _("依据")),
            Column("version", _("版本"), "code"),
            Column("verified_on", _("核实日期"), "day"),
            Column("status", _("状态"), "state"),
            Column("enabled", _("启用"), "yes"),
        ),
        form=PolicyForm,
        search=("code", "name_zh", "name_en", "law"),
        filters=(of_choices("status", _("状态"), PolicyStatus.choices),),
        order=("-enabled", "code"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        children=("terms",),
        aside="console/aside/policy.html",
        facts=if_received_now,
        banner=unverified,
        list_facts=replanned,
        empty=_("还没有时限政策"),
    ),
    Section(
        name="terms",
        group=Group.TIME,
        icon="timer",
        title=_("时限"),
        one=_("时限"),
        about=_("一项政策里的各个时限"),
        model_name="clocks.Term",
        columns=(
            Column("kind", _("时限"), "state"),
            Column("amount", _("数量"), "number"),
            Column("unit", _("单位")),
            Column("calendar_code", _("工作日历"), "code"),
            Column("warn_percent", _("提醒于 %"), "number"),
            Column("pauses_for_customer", _("等客户时停表"), "yes"),
            Column("pauses_for_testing", _("检测时停表"), "yes"),
            Column("most_extra", _("最多延长"), "number"),
        ),
        form=TermForm,
        order=("pk",),
        select=("policy",),
        parent="policy",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("这项政策还没有时限，不会产生任何时钟"),
    ),
    Section(
        name="calendars",
        group=Group.TIME,
        icon="calendar-days",
        title=_("工作日历"),
        one=_("日历"),
        about=_("每周班次与午休；团队和时限按哪个日历计算"),
        model_name="worktime.Calendar",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("zone", _("时区"), "code"),
            Column("follows_holidays", _("遵循法定节假日"), "yes"),
        ),
        form=CalendarForm,
        search=("name", "code"),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        below="console/year.html",
        facts=year_of,
        list_facts=replanned,
        children=("days",),
        empty=_("还没有日历，时限会按标准工时计算"),
    ),
    Section(
        name="days",
        group=Group.TIME,
        icon="calendar-check",
        title=_("本日历的特殊日子"),
        one=_("特殊日子"),
        about=_("只属于一个日历的放假与加班"),
        model_name="worktime.CalendarDay",
        columns=(
            Column("day", _("日期"), "day"),
            Column("kind", _("类型"), "state"),
            Column("name", _("名称")),
            Column("source", _("来源")),
        ),
        form=DayForm,
        order=("day",),
        rows=lambda rows, _user: rows.exclude(calendar=None),
        parent="calendar",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("没有。在上面的年历里点某一天即可添加"),
    ),
    Section(
        name="holidays",
        group=Group.TIME,
        icon="party-popper",
        title=_("法定节假日与调休"),
        one=_("日子"),
        about=_("全国放假与调休上班；遵循节假日的日历都用它"),
        model_name="worktime.CalendarDay",
        columns=(
            Column("day", _("日期"), "day"),
            Column("name", _("名称"), "strong"),
            Column("kind", _("类型"), "state"),
            Column("provisional", _("暂定"), "yes"),
            Column("source", _("来源")),
        ),
        form=HolidayForm,
        search=("name", "source"),
        filters=(of_choices("kind", _("类型"), DayKind.choices), years_filter()),
        order=("-day",),
        rows=lambda rows, _user: rows.filter(calendar=None),
        removes=True,
        list_template="console/holidays.html",
        list_facts=replanned,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("还没有节假日；可以从 CSV 文件导入国务院公布的安排"),
    ),
    Section(
        name="routes",
        group=Group.TIME,
        icon="route",
        title=_("派单路由"),
        one=_("路由"),
        about=_("哪类投诉派给哪个团队；更长的前缀优先"),
        model_name="routing.Route",
        columns=(
            Column(route_covers, _("类别及其下级"), "strong"),
            Column(lambda route: route.category_prefix or "*", _("前缀"), "code"),
            Column("team", _("团队")),
            Column("note", _("说明")),
        ),
        form=RouteForm,
        search=("category_prefix", "team__name", "note"),
        order=("category_prefix",),
        select=("team",),
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("还没有路由，新投诉都会停在待派单"),
    ),
    *reminding.SECTIONS,
)
