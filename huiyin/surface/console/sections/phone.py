"""Telephones: whose extension is whose, how long a hold may be, what is said to abuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.phone.permissions import (
    can_manage_phones,
    can_see_call_rules,
    can_set_call_rules,
)
from huiyin.journey.channels.phone.words import Allows
from huiyin.surface.console.forms.phone import ExtensionForm, LimitForm, RungForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group

SECTIONS: tuple[Section, ...] = (
    Section(
        name="extensions",
        group=Group.PEOPLE,
        icon="phone",
        title=_("分机"),
        one=_("分机"),
        about=_("谁用哪个分机：来电弹到谁的页面，通话算谁的"),
        model_name="phone.Extension",
        columns=(
            Column("number", _("分机号"), "strong"),
            Column("user.name", _("人员")),
            Column("enabled", _("启用"), "yes"),
        ),
        form=ExtensionForm,
        search=("number", "user__name", "user__username"),
        filters=(in_use_or_not(field="enabled"),),
        order=("number",),
        select=("user",),
        may_see=can_manage_phones,
        may_change=can_manage_phones,
        retires="enabled",
        empty=_("还没有分机。添加后，来电会弹到这个人的页面上"),
    ),
    Section(
        name="call-limits",
        group=Group.TIME,
        icon="timer",
        title=_("通话时限"),
        one=_("通话时限"),
        about=_("保持多久提示、多久提出回电，掉线多久内回拨；改后几秒内生效"),
        model_name="phone.Limit",
        columns=(
            Column("code", _("用途"), "state"),
            Column("seconds", _("秒"), "number"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
            Column("dated", _("日期"), "day"),
        ),
        form=LimitForm,
        order=("pk",),
        may_see=can_see_call_rules,
        may_change=can_set_call_rules,
        may_add=False,
        empty=_("没有通话时限；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="abuse-ladder",
        group=Group.SOLVING,
        icon="shield-alert",
        title=_("辱骂处置"),
        one=_("一步"),
        about=_("遇到辱骂时依次怎样说；说完全部警告才可以结束通话"),
        model_name="phone.Rung",
        columns=(
            Column("position", _("顺序"), "number"),
            Column("name_zh", _("名称"), "strong"),
            Column("allows", _("性质"), "state"),
            Column("words_zh", _("怎样说")),
            Column("source", _("来源")),
        ),
        form=RungForm,
        search=("name_zh", "words_zh"),
        filters=(of_choices("allows", _("性质"), Allows.choices), in_use_or_not(field="enabled")),
        order=("position", "pk"),
        may_see=can_see_call_rules,
        may_change=can_set_call_rules,
        retires="enabled",
        empty=_("没有步骤：辱骂通话只能请主管处理，不能结束"),
    ),
)
