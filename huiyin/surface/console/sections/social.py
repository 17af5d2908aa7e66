"""By what a post is a crisis; how text messages are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.sms.permissions import can_settle_texts
from huiyin.journey.channels.sms.words import RuleKind
from huiyin.journey.channels.social.permissions import can_set_signals
from huiyin.journey.channels.social.words import SignalKind
from huiyin.surface.console.forms.social import SignalForm, SmsRuleForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group

SECTIONS: tuple[Section, ...] = (
    Section(
        name="crisis-signals",
        group=Group.SORTING,
        icon="siren",
        title=_("危机信号"),
        one=_("危机信号"),
        about=_(
            "公开帖子怎样算危机：作者粉丝数、用词、一小时内相似的帖子；命中后提高严重程度并通知主管"
        ),
        model_name="social.Signal",
        columns=(
            Column("kind", _("种类"), "state"),
            Column("pattern", _("用词"), "strong"),
            Column("least", _("达到"), "number"),
            Column("severity", _("严重程度提到"), "severity"),
            Column("enabled", _("启用"), "yes"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=SignalForm,
        search=("pattern", "source"),
        filters=(of_choices("kind", _("种类"), SignalKind.choices), in_use_or_not(field="enabled")),
        order=("kind", "pattern", "pk"),
        may_see=can_set_signals,
        may_change=can_set_signals,
        retires="enabled",
        empty=_("没有信号：公开帖子都按普通投诉处理"),
    ),
    Section(
        name="sms-rules",
        group=Group.RECORDS,
        icon="message-square-text",
        title=_("短信规则"),
        one=_("短信规则"),
        about=_("退订和恢复用语、自动短信的静默时段、每个号码的上限、回信并入原投诉的时限"),
        model_name="sms.Rule",
        columns=(
            Column("kind", _("种类"), "state"),
            Column("value", _("内容"), "strong"),
            Column("enabled", _("启用"), "yes"),
            Column("source", _("来源")),
            Column("version", _("版本"), "code"),
        ),
        form=SmsRuleForm,
        search=("value", "source"),
        filters=(of_choices("kind", _("种类"), RuleKind.choices), in_use_or_not(field="enabled")),
        order=("kind", "pk"),
        may_see=can_settle_texts,
        may_change=can_settle_texts,
        retires="enabled",
        empty=_("没有规则：按产品的缺省办理"),
    ),
)
