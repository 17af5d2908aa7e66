"""The closing loop: whom to visit, what is said, what closing asks, where else one can turn."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.callbacks.words import CallbackKind, Step
from huiyin.journey.closure.actions import what_in_words
from huiyin.journey.closure.models import Demand
from huiyin.journey.closure.words import MediatorKind, Need, WayKind
from huiyin.journey.routing import conditions
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.closing import DemandForm, VisitRuleForm, WayForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def when(row: Any) -> str:
    return conditions.in_words(row.condition) if row.condition else "—"


def what_of(demand: Demand) -> str:
    return "—" if demand.need == Need.SIGN_OFF else what_in_words(demand)


SECTIONS: tuple[Section, ...] = (
    Section(
        name="visit-rules",
        group=Group.TIME,
        icon="phone-call",
        title=_("回访规则"),
        one=_("回访规则"),
        about=_("哪些投诉必须回访、其余抽多少；从上到下第一条符合的算数"),
        model_name="closure.VisitRule",
        columns=(
            Column("name", _("名称"), "strong"),
            Column(when, _("条件")),
            Column("percent", _("回访比例（%）"), "number"),
            Column("position", _("顺序"), "number"),
            Column("source", _("来源")),
        ),
        form=VisitRuleForm,
        search=("name", "name_en", "source"),
        filters=(in_use_or_not(field="enabled"),),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有回访规则：没有投诉会进入回访"),
    ),
    Section(
        name="call-scripts",
        group=Group.SOLVING,
        icon="message-circle",
        title=_("回电话术"),
        one=_("回电话术"),
        about=_("回访和回电时说什么；知识库有合适的话术时，以知识库为先"),
        model_name="callbacks.Script",
        columns=(
            Column("kind", _("回电种类"), "state"),
            Column("category_prefix", _("类别前缀"), "code"),
            Column("step", _("步骤"), "state"),
            Column("text_zh", _("话术")),
        ),
        fields=(
            *("kind", "category_prefix", "step", "text_zh", "text_en"),
            *("source", "version", "since"),
        ),
        search=("text_zh", "text_en", "category_prefix"),
        filters=(
            of_choices("kind", _("回电种类"), CallbackKind.choices),
            of_choices("step", _("步骤"), Step.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("kind", "category_prefix", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有回电话术"),
    ),
    Section(
        name="closing-demands",
        group=Group.SOLVING,
        icon="list-checks",
        title=_("结案要求"),
        one=_("结案要求"),
        about=_("哪类投诉结案前必须有哪些内容、证据和签核"),
        model_name="closure.Demand",
        columns=(
            Column("name_zh", _("要求"), "strong"),
            Column(when, _("条件")),
            Column("need", _("要什么"), "state"),
            Column(what_of, _("哪一项")),
            Column("role", _("谁来签核"), "state"),
            Column("position", _("顺序"), "number"),
        ),
        form=DemandForm,
        search=("code", "name_zh", "name_en", "source"),
        filters=(
            of_choices("need", _("要什么"), Need.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有结案要求"),
    ),
    Section(
        name="other-ways",
        group=Group.SOLVING,
        icon="signpost",
        title=_("其他途径"),
        one=_("其他途径"),
        about=_("不支持诉求时告知客户的内部和外部途径"),
        model_name="closure.Way",
        columns=(
            Column("name_zh", _("名称"), "strong"),
            Column("kind", _("途径"), "state"),
            Column(when, _("条件")),
            Column("position", _("顺序"), "number"),
            Column("source", _("来源")),
        ),
        form=WayForm,
        search=("code", "name_zh", "name_en", "text_zh", "source"),
        filters=(
            of_choices("kind", _("途径"), WayKind.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有可告知的途径：不支持的投诉不能结案"),
    ),
    Section(
        name="mediators",
        group=Group.SOLVING,
        icon="scale",
        title=_("调解机构"),
        one=_("调解机构"),
        about=_("谁来调解、多少天内应有结果；登记调解时从中选择"),
        model_name="closure.Mediator",
        columns=(
            Column("name_zh", _("名称"), "strong"),
            Column("kind", _("种类"), "state"),
            Column("days", _("调解期限（自然日）"), "number"),
            Column("position", _("顺序"), "number"),
            Column("source", _("来源")),
        ),
        fields=(
            *("code", "kind", "name_zh", "name_en", "days", "position"),
            *("source", "version", "since"),
        ),
        search=("code", "name_zh", "name_en", "source"),
        filters=(
            of_choices("kind", _("种类"), MediatorKind.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("没有调解机构：不能登记调解"),
    ),
)
