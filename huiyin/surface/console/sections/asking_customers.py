"""Surveys: after which event they go out, to whom, how."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journey.routing import conditions
from huiyin.journey.survey.models import SendRule
from huiyin.journey.survey.permissions import can_rule
from huiyin.journey.survey.words import After, Way
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.asking_customers import SendRuleForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def when(rule: SendRule) -> str:
    return conditions.in_words(rule.condition) if rule.condition else "—"


SECTIONS: tuple[Section, ...] = (
    Section(
        name="survey-rules",
        group=Group.SOLVING,
        icon="star",
        title=_("调查发送规则"),
        one=_("发送规则"),
        about=_("结案、反馈或回访之后给哪些客户发哪份问卷；第一条符合的规则生效"),
        model_name="survey.SendRule",
        columns=(
            Column("shown_name", _("名称"), "strong"),
            Column("survey.name", _("问卷")),
            Column("after", _("在什么之后"), "state"),
            Column(when, _("条件")),
            Column("percent", _("抽样比例（%）"), "number"),
            Column("delay_hours", _("延后几小时"), "number"),
            Column("way", _("方式"), "state"),
            Column("position", _("顺序"), "number"),
        ),
        form=SendRuleForm,
        search=("name", "name_en"),
        filters=(
            of_choices("after", _("在什么之后"), After.choices),
            of_choices("way", _("方式"), Way.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        select=("survey",),
        may_see=permissions.can_see_configuration,
        may_change=can_rule,
        retires="enabled",
        empty=_("还没有发送规则；调查只能在投诉页手动发送"),
    ),
)
