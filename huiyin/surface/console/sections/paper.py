"""Letters on paper: the words around an answer, and the envelopes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.paper.permissions import can_manage_paper
from huiyin.surface.console.forms.paper import TemplateForm, WindowForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Group

SECTIONS: tuple[Section, ...] = (
    Section(
        name="letter-templates",
        group=Group.RECORDS,
        icon="file-text",
        title=_("信函模板"),
        one=_("信函模板"),
        about=_(
            "用信件回复客户时，正文前后的话和信封；可用 {name} {number} {organisation} {date} "
            "{writer} {incoming}"
        ),
        model_name="paper.Template",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("language", _("语言"), "state"),
            Column("window", _("信封")),
            Column("subject", _("主题")),
            Column("is_default", _("缺省"), "yes"),
            Column("version", _("版本"), "code"),
        ),
        form=TemplateForm,
        search=("code", "name", "subject"),
        filters=(in_use_or_not(field="enabled"),),
        order=("language", "pk"),
        select=("window",),
        may_see=can_manage_paper,
        may_change=can_manage_paper,
        retires="enabled",
        empty=_("没有信函模板：不能用信件回复；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="letter-windows",
        group=Group.RECORDS,
        icon="mail",
        title=_("窗口信封"),
        one=_("窗口信封"),
        about=_("地址在纸上的位置和折线（毫米）：换一种信封，改这里就行"),
        model_name="paper.Window",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("left", _("左"), "number"),
            Column("top", _("上"), "number"),
            Column("width", _("宽"), "number"),
            Column("height", _("高"), "number"),
            Column("folds", _("折线"), "code"),
            Column("source", _("来源")),
        ),
        form=WindowForm,
        search=("code", "name", "source"),
        filters=(in_use_or_not(field="enabled"),),
        order=("pk",),
        may_see=can_manage_paper,
        may_change=can_manage_paper,
        retires="enabled",
        empty=_("没有信封；请运行 dev.py manage load_reference 装入"),
    ),
)
