"""How much who may decide, what several always sign, and how much there is in a period."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.resolution import demanding
from huiyin.journey.resolution.actions import budget_state
from huiyin.journey.resolution.models import Budget, JointRule
from huiyin.journey.resolution.views import spending
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.money import BudgetForm, JointRuleForm, LimitForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Group


def _spending(budget: Budget, request: HuiyinRequest) -> dict[str, Any]:
    """What of a budget is gone, and the offers that it went to; of those the reader may see."""
    return spending(request.user, budget)


def _asked(rule: JointRule) -> str:
    return demanding.in_words(rule.condition)


def _used(budget: Budget) -> int:
    return budget_state(budget).used_fen


def _signers(rule: JointRule) -> str:
    field = JointRule._meta.get_field("roles").base_field  # type: ignore[union-attr]
    names = dict(field.flatchoices)
    return "、".join(str(names[role]) for role in rule.roles)


SECTIONS: tuple[Section, ...] = (
    Section(
        name="limits",
        group=Group.SOLVING,
        icon="badge-japanese-yen",
        title=_("授权额度"),
        one=_("额度"),
        about=_("每个角色能决定多少钱；超出的要上级批准"),
        model_name="resolution.AuthorityLimit",
        columns=(
            Column("role", _("角色"), "state"),
            Column("get_kind_display", _("金额性质")),
            Column("per_case_fen", _("每件上限"), "yuan"),
            Column("percent", _("订单百分比"), "number"),
            Column("monthly_fen", _("每月上限"), "yuan"),
            Column("alone_fen", _("单人可定"), "yuan"),
            Column("valid_from", _("生效日期"), "day"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=LimitForm,
        order=("per_case_fen", "pk"),
        may_see=permissions.can_see_authority,
        may_change=permissions.can_change_authority,
        empty=_("还没有授权额度，任何金额都要经理批准"),
    ),
    Section(
        name="joint-rules",
        group=Group.SOLVING,
        icon="signature",
        title=_("必须会签"),
        one=_("会签规则"),
        about=_("三倍、十倍、人身伤害等，不论金额都要几个人会签"),
        model_name="resolution.JointRule",
        columns=(
            Column("shown_name", _("名称"), "strong"),
            Column(_asked, _("条件")),
            Column(_signers, _("会签角色")),
            Column("valid_from", _("生效日期"), "day"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=JointRuleForm,
        search=("name", "name_en", "code", "source"),
        filters=(in_use_or_not(),),
        order=("code",),
        may_see=permissions.can_see_authority,
        may_change=permissions.can_change_authority,
        retires="retired_at",
        empty=_("还没有会签规则；三倍、十倍和人身伤害只按金额审批"),
    ),
    Section(
        name="budgets",
        group=Group.SOLVING,
        icon="wallet",
        title=_("补偿预算"),
        one=_("预算"),
        about=_("团队、部门或全公司在一段时间里最多承诺多少；到 80% 提醒，超出要经理或财务批准"),
        model_name="resolution.Budget",
        columns=(
            Column(str, _("预算"), "strong"),
            Column("amount_fen", _("金额"), "yuan"),
            Column(_used, _("已用"), "yuan"),
            Column("warn_percent", _("提醒线 %"), "number"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=BudgetForm,
        select=("team", "department"),
        filters=(in_use_or_not(),),
        order=("-first_day", "pk"),
        may_see=permissions.can_see_authority,
        may_change=permissions.can_change_authority,
        retires="retired_at",
        aside="console/aside/budget.html",
        facts=_spending,
        per_page=20,
        empty=_("还没有预算；承诺只受授权额度限制"),
    ),
)
