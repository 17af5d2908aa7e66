"""What was printed: who, when, of which complaint, masked or not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_audit
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import of_choices
from huiyin.surface.console.words import Group
from huiyin.surface.dossier.words import Paper

SECTIONS: tuple[Section, ...] = (
    Section(
        name="printings",
        group=Group.RECORDS,
        icon="printer",
        title=_("打印记录"),
        one=_("打印"),
        about=_("谁在什么时候打印了哪件投诉的卷宗或跟进表，是否遮盖客户资料"),
        model_name="dossier.Printing",
        columns=(
            Column("complaint", _("投诉编号"), "strong"),
            Column("paper", _("内容"), "state"),
            Column("by", _("打印人")),
            Column("revealed", _("客户资料未遮盖"), "yes"),
            Column("reason", _("理由")),
            Column("pages", _("页数"), "number"),
            Column("at", _("时间"), "moment"),
        ),
        search=("complaint__number", "by__name", "by__username"),
        filters=(of_choices("paper", _("内容"), Paper.choices),),
        select=("complaint", "by"),
        may_see=can_audit,
        log=True,
        empty=_("还没有打印过"),
    ),
)
