"""Supervision: which rules begin it, and how long each level gives."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.routing import conditions
from huiyin.journey.supervision.models import Rule
from huiyin.journey.supervision.words import Level, Trigger
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.supervising import SupervisionRuleForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def when(rule: Rule) -> str:
    return conditions.in_words(rule.condition) if rule.condition else "—"


SECTIONS: tuple[Section, ...] = (
    Section(
        name="supervision-rules",
        group=Group.TIME,
        icon="eye",
        title=_("督办规则"),
        one=_("督办规则"),
        about=_("超时、多次来诉、群体事件、重办、监管转办时自动督办"),
        model_name="supervision.Rule",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("trigger", _("触发"), "state"),
            Column("least", _("次数"), "number"),
            Column(when, _("条件")),
            Column("level", _("等级"), "state"),
            Column("whom", _("督办谁"), "state"),
            Column("position", _("顺序"), "number"),
        ),
        form=SupervisionRuleForm,
        search=("name", "name_en"),
        filters=(
            of_choices("trigger", _("触发"), Trigger.choices),
            of_choices("level", _("等级"), Level.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        empty=_("还没有督办规则；督办只能由人提出"),
    ),
    Section(
        name="supervision-terms",
        group=Group.TIME,
        icon="hourglass",
        title=_("督办时限"),
        one=_("督办时限"),
        about=_("每个督办等级要在多久内报送措施"),
        model_name="supervision.Term",
        columns=(
            Column("level", _("等级"), "state"),
            Column("amount", _("报送措施时限"), "number"),
            Column("unit", _("单位"), "state"),
            Column("calendar_code", _("工作日历"), "code"),
        ),
        fields=("amount", "unit", "calendar_code"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        may_add=False,
        empty=_("没有督办时限；请运行 dev.py manage load_reference 装入"),
    ),
)
