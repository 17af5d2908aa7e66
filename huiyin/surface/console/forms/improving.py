"""Forms of improvement: the rules that propose one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.journey.improvement.models import Rule
from huiyin.journey.routing import conditions
from huiyin.surface.console.forms.setting import SettingForm


class ImprovementRuleForm(SettingForm):
    condition = ConditionField(
        conditions.attributes,
        label=gettext_lazy("条件"),
        preview=reverse_lazy("routing:preview"),
        required=False,
        help_text=gettext_lazy("没有条件表示所有投诉"),
    )

    class Meta:
        model = Rule
        fields = (
            *("name", "name_en", "trigger", "least", "days", "same"),
            *("condition", "kind", "position"),
        )

    def snapshot(self, row: models.Model) -> dict[str, str]:
        assert isinstance(row, Rule)
        told: dict[str, Any] = super().snapshot(row)
        told[str(self.fields["condition"].label)] = conditions.in_words(row.condition)
        return told
