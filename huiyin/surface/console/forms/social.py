"""Signals of a crisis and rules of text messages, as they are set."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.channels.sms.models import Rule
from huiyin.journey.channels.sms.rules.quiet import is_span
from huiyin.journey.channels.sms.words import RuleKind
from huiyin.journey.channels.social.models import Signal
from huiyin.journey.channels.social.words import SignalKind
from huiyin.surface.console.forms.setting import SettingForm


class SignalForm(SettingForm):
    twice = gettext_lazy("已经有同样的信号了")

    class Meta:
        model = Signal
        fields = ("kind", "pattern", "least", "severity", "source", "version", "dated")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("kind") == SignalKind.WORD and not typed.get("pattern", "").strip():
            self.add_error("pattern", _("请填写用词"))
        if typed.get("kind") == SignalKind.SIMILAR and (typed.get("least") or 0) < 2:
            self.add_error("least", _("至少 2 条，否则每条帖子都是危机"))
        if typed.get("kind") == SignalKind.REACH and (typed.get("least") or 0) < 1:
            self.add_error("least", _("请填写数字"))
        return typed


class SmsRuleForm(SettingForm):
    twice = gettext_lazy("已经有同样的规则了")

    class Meta:
        model = Rule
        fields = ("kind", "value", "source", "version", "dated")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        kind, value = typed.get("kind"), str(typed.get("value", "")).strip()
        figures = (RuleKind.HOURLY, RuleKind.DAILY, RuleKind.WINDOW, RuleKind.PARTS)
        if kind in figures and not (value.isascii() and value.isdigit() and 0 < int(value) < 1000):
            self.add_error("value", _("请填写 1 到 999 的数字"))
        if kind == RuleKind.QUIET and not is_span(value):
            self.add_error("value", _("请写成 22:00-08:00"))
        typed["value"] = value
        return typed
