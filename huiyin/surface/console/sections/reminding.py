"""Ladders of reminders and their rungs, quiet hours, and when many reminders become one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Ladder, Rung
from huiyin.journey.clocks.words import ClockKind, Receiver
from huiyin.journey.routing import conditions
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.reminding import DigestForm, LadderForm, QuietForm, RungForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.words import Group


def replanned(_user: Any) -> dict[str, Any]:
    return {"notice": clocks.progress()}


def for_kinds(ladder: Ladder) -> list[str]:
    if not ladder.kinds:
        return [gettext("投诉自己的各种时限")]
    return [str(ClockKind(kind).label) for kind in ladder.kinds]


def for_complaints(ladder: Ladder) -> str:
    return conditions.in_words(ladder.condition) if ladder.condition.get("all") != [] else ""


def receivers(rung: Rung) -> list[str]:
    return [str(Receiver(one).label) for one in rung.receivers]


SECTIONS: tuple[Section, ...] = (
    Section(
        name="ladders",
        group=Group.TIME,
        icon="arrow-up-narrow-wide",
        title=_("提醒阶梯"),
        one=_("阶梯"),
        about=_("时限用到几成、到期前后多久，依次提醒和上报给谁；排在前面的先用"),
        model_name="clocks.Ladder",
        columns=(
            Column("order", _("顺序"), "number"),
            Column("name", _("名称"), "strong"),
            Column(for_kinds, _("用于哪些时限"), "tags"),
            Column("policies", _("用于哪些时限政策"), "tags"),
            Column(for_complaints, _("用于哪些投诉")),
            Column("enabled", _("启用"), "yes"),
        ),
        form=LadderForm,
        search=("code", "name_zh", "name_en"),
        order=("order", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        children=("ladder_rungs",),
        list_facts=replanned,
        empty=_("还没有提醒阶梯，到期前后没有人会被提醒"),
    ),
    Section(
        name="ladder_rungs",
        group=Group.TIME,
        icon="footprints",
        title=_("阶梯的各级"),
        one=_("一级"),
        about=_("一条阶梯上什么时候通知谁"),
        model_name="clocks.Rung",
        columns=(
            Column("told", _("什么时候"), "strong"),
            Column(receivers, _("通知谁"), "tags"),
            Column("kind", _("性质"), "state"),
            Column("in_product", _("站内通知"), "yes"),
            Column("by_mail", _("邮件"), "yes"),
            Column("min_work_days", _("时限至少几个工作日"), "number"),
        ),
        form=RungForm,
        order=("pk",),
        select=("ladder",),
        parent="ladder",
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("这条阶梯还没有任何一级，不会提醒任何人"),
    ),
    Section(
        name="quiet",
        group=Group.TIME,
        icon="moon",
        title=_("免打扰时段"),
        one=_("时段"),
        about=_("这段时间不发提醒邮件，过后合成一封；S1 紧急投诉除外"),
        model_name="notices.QuietHours",
        columns=(
            Column(
                lambda row: row.user or row.get_role_display() or _("所有人"), _("谁"), "strong"
            ),
            Column("begins", _("开始")),
            Column("ends", _("结束")),
        ),
        form=QuietForm,
        order=("pk",),
        select=("user",),
        removes=True,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("没有免打扰时段，提醒邮件随时发出"),
    ),
    Section(
        name="digest",
        group=Group.TIME,
        icon="layers",
        title=_("提醒合并"),
        one=_("规则"),
        about=_("多少条提醒合成一条，例如停机恢复之后"),
        model_name="notices.DigestRule",
        columns=(
            Column("most", _("逐条提醒至多"), "number"),
            Column("minutes", _("多少分钟内"), "number"),
        ),
        form=DigestForm,
        may_add=False,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("没有合并规则，按 10 分钟内 5 条计"),
    ),
)
