"""Improvement: kinds of action, and the rules that propose one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.improvement.models import Rule
from huiyin.journey.improvement.words import Trigger
from huiyin.journey.routing import conditions
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.improving import ImprovementRuleForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def when(rule: Rule) -> str:
    return conditions.in_words(rule.condition) if rule.condition else "—"


SECTIONS: tuple[Section, ...] = (
    Section(
        name="improvement-kinds",
        group=Group.SOLVING,
        icon="wrench",
        title=_("整改类型"),
        one=_("整改类型"),
        about=_("默认责任部门、时限、步骤，以及怎样算有效"),
        model_name="improvement.Kind",
        columns=(
            Column("code", _("代码"), "code"),
            Column("name", _("名称"), "strong"),
            Column("department_code", _("默认责任部门"), "code"),
            Column("amount", _("时限"), "number"),
            Column("unit", _("单位"), "state"),
            Column("target_percent", _("同类投诉至少下降（%）"), "number"),
            Column("position", _("顺序"), "number"),
        ),
        fields=(
            *("code", "name_zh", "name_en", "department_code", "amount", "unit"),
            *("causes", "steps_zh", "steps_en", "effect_days", "target_percent"),
            *("source", "version", "position"),
        ),
        search=("code", "name_zh", "name_en"),
        filters=(in_use_or_not(field="enabled"),),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("还没有整改类型；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="bulletin-rules",
        group=Group.SOLVING,
        icon="megaphone",
        title=_("通报提醒"),
        one=_("通报提醒"),
        about=_("逾期未读每个工作日提醒几次，之后告诉负责人；第一条启用的算数"),
        model_name="improvement.BulletinRule",
        columns=(
            Column("name_zh", _("名称"), "strong"),
            Column("most", _("自动提醒几次"), "number"),
            Column("by_hand", _("发布人可手动提醒几次"), "number"),
            Column("position", _("顺序"), "number"),
            Column("source", _("来源")),
        ),
        fields=(
            *("code", "name_zh", "name_en", "most", "by_hand", "position"),
            *("source", "version", "since"),
        ),
        search=("code", "name_zh", "name_en"),
        filters=(in_use_or_not(field="enabled"),),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有通报提醒规则：逾期只提醒一次，不能手动提醒"),
    ),
    Section(
        name="improvement-rules",
        group=Group.SOLVING,
        icon="zap",
        title=_("整改规则"),
        one=_("整改规则"),
        about=_("S1、同类聚集、同一成因反复、督办、监管来文、结案认为需要改进时自动提出"),
        model_name="improvement.Rule",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("trigger", _("触发"), "state"),
            Column("least", _("件数"), "number"),
            Column("days", _("几天内"), "number"),
            Column(when, _("条件")),
            Column("position", _("顺序"), "number"),
        ),
        form=ImprovementRuleForm,
        search=("name", "name_en"),
        filters=(
            of_choices("trigger", _("触发"), Trigger.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("还没有整改规则；整改只能由人发起"),
    ),
)
