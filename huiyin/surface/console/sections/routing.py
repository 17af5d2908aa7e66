"""Who gets what: rules, skills, and the roster of who is on duty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.permissions import can_configure
from huiyin.journey.routing import conditions
from huiyin.journey.routing.models import DutyShift, Rule
from huiyin.journey.routing.words import Post, SkillKind
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.routing import (
    DutyShiftForm,
    PersonSkillForm,
    RuleForm,
    SkillForm,
)
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.section import Column, Filter, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group

WEEKS = 2
LATER = [("coming", _("今天起")), ("past", _("过去的"))]


def goes_to(rule: Rule) -> str:
    return f"{rule.team} · {rule.person}" if rule.person else str(rule.team)


def coming_filter() -> Filter:
    def keep(value: str) -> Q:
        today = timezone.localtime(moment.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        coming = Q(ends_at__gt=today)
        return coming if value == "coming" else ~coming

    return Filter("when", _("时间"), lambda: LATER, keep, default="coming")


def save_shift(form: SettingForm, by: User) -> tuple[DutyShift, str]:
    """Store it, and the same on the days that follow."""
    shift: DutyShift = form.save()
    times = form.cleaned_data.get("repeat") or 0
    DutyShift.objects.bulk_create(
        DutyShift(
            post=shift.post,
            team=shift.team,
            person=shift.person,
            starts_at=shift.starts_at + timedelta(days=day),
            ends_at=shift.ends_at + timedelta(days=day),
        )
        for day in range(1, times + 1)
    )
    return shift, ""


def roster(_user: User) -> dict[str, Any]:
    """This week and the next, a row for each post, a cell for each day."""
    today = timezone.localtime(moment.now()).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=day) for day in range(7 * WEEKS)]
    begins = timezone.make_aware(datetime.combine(days[0], datetime.min.time()))
    ends = begins + timedelta(days=7 * WEEKS)
    found = DutyShift.objects.filter(starts_at__lt=ends, ends_at__gt=begins)
    shifts = list(found.select_related("person", "team"))
    weeks = [days[at : at + 7] for at in range(0, len(days), 7)]
    return {
        "today": today,
        "weeks": [(week, [(p, _cells(p, week, shifts)) for p in Post]) for week in weeks],
    }


def _cells(post: Post, week: list[date], shifts: Iterable[DutyShift]) -> list[Any]:
    """The shifts of a post on each day that they touch."""
    own = [(shift, *_first_and_last(shift)) for shift in shifts if shift.post == post]
    return [(day, [shift for shift, first, last in own if first <= day <= last]) for day in week]


def _first_and_last(shift: DutyShift) -> tuple[date, date]:
    last = timezone.localtime(shift.ends_at) - timedelta(microseconds=1)
    return timezone.localtime(shift.starts_at).date(), last.date()


SECTIONS: tuple[Section, ...] = (
    Section(
        name="rules",
        group=Group.TIME,
        icon="git-branch",
        title=_("派单规则"),
        one=_("派单规则"),
        about=_(
            "符合条件的投诉派给哪个小组、谁、需要什么技能；排在前面的先用，都不符合再看类别路由"
        ),
        model_name="routing.Rule",
        columns=(
            Column("position", _("顺序"), "number"),
            Column("name", _("名称"), "strong"),
            Column(lambda rule: conditions.in_words(rule.condition), _("条件")),
            Column(goes_to, _("派给")),
            Column("skills", _("需要的技能"), "tags"),
            Column("version", _("版本"), "number"),
        ),
        form=RuleForm,
        search=("name", "team__name", "source"),
        filters=(in_use_or_not(),),
        order=("position", "pk"),
        select=("team", "person"),
        prefetch=("skills",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        empty=_("还没有派单规则，投诉按类别路由派给小组"),
    ),
    Section(
        name="skills",
        group=Group.PEOPLE,
        icon="languages",
        title=_("技能"),
        one=_("技能"),
        about=_("谁会什么语言、渠道和业务；派单时先找会的人"),
        model_name="routing.Skill",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("kind", _("类型"), "state"),
            Column("serves", _("对应"), "code"),
            Column("people_count", _("人数"), "number"),
        ),
        form=SkillForm,
        search=("code", "name", "name_en"),
        filters=(of_choices("kind", _("类型"), SkillKind.choices), in_use_or_not()),
        order=("kind", "code"),
        rows=lambda rows, _user: rows.annotate(people_count=Count("people")),
        children=("person-skills",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        empty=_("还没有技能。例如新增“英语”，再把会英语的人加进来"),
    ),
    Section(
        name="person-skills",
        group=Group.PEOPLE,
        icon="languages",
        title=_("会的人"),
        one=_("会的人"),
        about=_("谁会这项技能"),
        model_name="routing.PersonSkill",
        columns=(
            Column("person", _("姓名"), "strong"),
            Column("level", _("熟练程度"), "number"),
        ),
        form=PersonSkillForm,
        order=("-level", "person__name"),
        select=("person", "skill"),
        parent="skill",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("还没有人会这项技能"),
    ),
    Section(
        name="duty",
        group=Group.PEOPLE,
        icon="calendar-clock",
        title=_("值班表"),
        one=_("班次"),
        about=_("什么时候由谁值哪个岗；S1 呼叫、逐级提醒都找值班的人"),
        model_name="routing.DutyShift",
        columns=(
            Column("post", _("岗位"), "state"),
            Column(lambda shift: shift.team or _("全公司"), _("小组")),
            Column("person", _("值班人"), "strong"),
            Column("starts_at", _("开始"), "moment"),
            Column("ends_at", _("结束"), "moment"),
        ),
        form=DutyShiftForm,
        search=("person__name", "team__name"),
        filters=(of_choices("post", _("岗位"), Post.choices), coming_filter()),
        order=("starts_at", "pk"),
        select=("person", "team"),
        removes=True,
        save=save_shift,
        list_template="console/duty.html",
        list_facts=roster,
        may_see=permissions.can_see_configuration,
        may_change=permissions.can_keep_roster,
        empty=_("还没有排班；没有排班时找小组的组长和值班主管"),
    ),
    Section(
        name="rungs",
        group=Group.TIME,
        icon="siren",
        title=_("绿色通道"),
        one=_("一级"),
        about=_("S1 依次呼叫谁，几分钟没有人接办就转下一级"),
        model_name="routing.Rung",
        columns=(
            Column("position", _("顺序"), "number"),
            Column("post", _("岗位"), "state"),
            Column("minutes", _("几分钟转下一级"), "number"),
        ),
        fields=("position", "post", "minutes"),
        filters=(in_use_or_not(),),
        order=("position",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        empty=_("没有任何一级：S1 像其他投诉一样派给组内人员"),
    ),
)
