"""The form of a rule that sends surveys."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.journey.routing import conditions
from huiyin.journey.survey.models import SendRule
from huiyin.surface.console.forms.setting import SettingForm


class SendRuleForm(SettingForm):
    condition = ConditionField(
        conditions.attributes,
        label=gettext_lazy("条件"),
        preview=reverse_lazy("routing:preview"),
        required=False,
        help_text=gettext_lazy("没有条件表示所有投诉；限制查看和涉及人身安全的从不发送"),
    )

    class Meta:
        model = SendRule
        fields = (
            *("name", "name_en", "survey", "after", "condition", "percent"),
            *("delay_hours", "way", "expires_days", "remind_days", "position"),
        )

    def snapshot(self, row: models.Model) -> dict[str, str]:
        assert isinstance(row, SendRule)
        told: dict[str, Any] = super().snapshot(row)
        told[str(self.fields["condition"].label)] = conditions.in_words(row.condition)
        return told
