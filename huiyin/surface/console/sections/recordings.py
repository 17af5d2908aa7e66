"""Recordings: what counts as a pause or a hold; the service that writes down what is said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.journey.channels.recordings.permissions import can_set_up
from huiyin.surface.console.forms.recordings import StandardForm, TranscriberForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Group

SECTIONS: tuple[Section, ...] = (
    Section(
        name="recording-standards",
        group=Group.RECORDS,
        icon="audio-lines",
        title=_("录音分析标准"),
        one=_("录音分析标准"),
        about=_("多长算停顿、等待、同时说话和打断；最新启用的一条生效，之后的分析按它计算"),
        model_name="recordings.Standard",
        columns=(
            Column("version", _("版本"), "strong"),
            Column("pause_seconds", _("停顿从几秒起"), "number"),
            Column("hold_seconds", _("静默保持从几秒起"), "number"),
            Column("music_seconds", _("音乐保持从几秒起"), "number"),
            Column("overlap_seconds", _("同时说话从几秒起"), "number"),
            Column("interruption_seconds", _("打断：同时说话至少几秒"), "number"),
            Column("source", _("来源")),
            Column("enabled", _("启用"), "yes"),
        ),
        form=StandardForm,
        search=("version", "source"),
        filters=(in_use_or_not(field="enabled"),),
        order=("-pk",),
        may_see=can_set_up,
        may_change=can_set_up,
        retires="enabled",
        empty=_("没有标准：按出厂数值分析"),
    ),
    Section(
        name="transcribers",
        group=Group.RECORDS,
        icon="captions",
        title=_("转写服务"),
        one=_("转写服务"),
        about=_(
            "把录音送到与 OpenAI 接口相同的服务转成文字；不设置就不会送出任何录音，也不会产生费用"
        ),
        model_name="recordings.Transcriber",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("base_url", _("接口地址"), "code"),
            Column("model", _("模型"), "code"),
            Column("language", _("语言")),
            Column("automatic", _("自动转写"), "yes"),
            Column("enabled", _("启用"), "yes"),
            Column("worked_ok_at", _("最近成功"), "moment"),
            Column("error", _("故障")),
        ),
        form=TranscriberForm,
        search=("name", "base_url", "model"),
        filters=(in_use_or_not(field="enabled"),),
        order=("name",),
        may_see=can_set_up,
        may_change=can_set_up,
        retires="enabled",
        empty=_("还没有转写服务：文字稿由人听写"),
    ),
)
