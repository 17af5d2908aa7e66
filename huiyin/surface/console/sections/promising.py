"""Promises: how long each kind takes as a rule, and how soon a supervisor calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.surface.console import permissions
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.words import Group

SECTIONS: tuple[Section, ...] = (
    Section(
        name="promise-times",
        group=Group.TIME,
        icon="handshake",
        title=_("承诺时限"),
        one=_("承诺时限"),
        about=_("各种承诺通常多久做到；没有写明时间的回复按它给出建议，未兑现时主管按它致电"),
        model_name="promises.Usual",
        columns=(
            Column("kind", _("承诺种类"), "state"),
            Column("amount", _("通常时限"), "number"),
            Column("unit", _("单位"), "state"),
            Column("call_amount", _("主管致电时限（工作小时）"), "number"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        fields=("amount", "unit", "call_amount", "source", "version"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        may_add=False,
        empty=_("没有承诺时限；请运行 dev.py manage load_reference 装入"),
    ),
)
