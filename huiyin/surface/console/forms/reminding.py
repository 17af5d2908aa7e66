"""Forms of ladders, rungs, quiet hours and the digest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.journey.clocks.models import Ladder, Policy, Rung
from huiyin.journey.clocks.words import ClockKind, Receiver
from huiyin.journey.routing import conditions
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.notices.models import DigestRule, QuietHours


class LadderForm(SettingForm):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("用于哪些时限"),
        choices=ClockKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("留空：投诉自己的各种时限；部门任务和督办的时限要选上"),
    )
    policies = forms.CharField(
        label=gettext_lazy("用于哪些时限政策"),
        required=False,
        max_length=400,
        help_text=gettext_lazy(
            "政策代码，用空格分开，结尾可用 *，例如 SLA-ADV CN-*；留空：不论按哪项政策"
        ),
    )
    condition = ConditionField(
        conditions.attributes,
        label=gettext_lazy("用于哪些投诉"),
        preview=reverse_lazy("routing:preview"),
        always=gettext_lazy("全部投诉"),
        error_messages={"required": gettext_lazy("请至少添加一个条件，或勾选“全部投诉”")},
    )

    class Meta:
        model = Ladder
        fields = (
            *("code", "name_zh", "name_en", "order", "kinds", "policies", "condition"),
            *("source", "version", "enabled"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["policies"] = " ".join(self.instance.policies or [])
        if self.is_there:
            self.fields["code"].disabled = True  # the story names it

    def clean_policies(self) -> list[str]:
        """Codes that exist, or a beginning that fits one."""
        typed: list[str] = self.cleaned_data["policies"].replace(",", " ").split()
        codes = list(Policy.objects.values_list("code", flat=True))
        for one in typed:
            begin = one.removesuffix("*")
            known = any(code.startswith(begin) for code in codes) if one != begin else one in codes
            if not known:
                raise forms.ValidationError(_("没有这样的政策：%(code)s") % {"code": one})
        return typed

    def snapshot(self, row: models.Model) -> dict[str, str]:
        assert isinstance(row, Ladder)
        told: dict[str, Any] = super().snapshot(row)
        told[str(self.fields["condition"].label)] = conditions.in_words(row.condition)
        return told


class RungForm(SettingForm):
    receivers = forms.MultipleChoiceField(
        label=gettext_lazy("通知谁"),
        choices=Receiver.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("岗位按当时的值班表找人，不在岗的找代理人"),
    )

    class Meta:
        model = Rung
        fields = (
            *("measure", "amount", "unit", "receivers", "kind"),
            *("in_product", "by_mail", "min_work_days"),
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("in_product") and not typed.get("by_mail"):
            self.add_error("in_product", _("站内通知和邮件至少选一种"))
        return typed


class QuietForm(SettingForm):
    twice = gettext_lazy("这个人或角色已经有免打扰时段了，请直接修改那一条")

    class Meta:
        model = QuietHours
        fields = ("user", "role", "begins", "ends")


class DigestForm(SettingForm):
    class Meta:
        model = DigestRule
        fields = ("most", "minutes")
