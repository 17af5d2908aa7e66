"""Forms of the closing loop: whom to visit, what closing asks, other ways."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.journey.closure.models import Demand, VisitRule, Way
from huiyin.journey.routing import conditions
from huiyin.surface.console.forms.setting import SettingForm


def _condition() -> ConditionField:
    return ConditionField(
        conditions.attributes,
        label=gettext_lazy("条件"),
        preview=reverse_lazy("routing:preview"),
        required=False,
        help_text=gettext_lazy("没有条件表示所有投诉"),
    )


class _WithCondition(SettingForm):
    """The history tells a condition in words."""

    def snapshot(self, row: models.Model) -> dict[str, str]:
        told: dict[str, Any] = super().snapshot(row)
        told[str(self.fields["condition"].label)] = conditions.in_words(
            getattr(row, "condition", None)
        )
        return told


class VisitRuleForm(_WithCondition):
    condition = _condition()

    class Meta:
        model = VisitRule
        fields = (
            *("name", "name_en", "condition", "percent", "position"),
            *("source", "version", "since"),
        )


class WayForm(_WithCondition):
    condition = _condition()

    class Meta:
        model = Way
        fields = (
            *("code", "kind", "name_zh", "name_en", "text_zh", "text_en", "condition"),
            *("position", "source", "version", "since"),
        )


class DemandForm(_WithCondition):
    condition = _condition()

    class Meta:
        model = Demand
        fields = (
            *("code", "name_zh", "name_en", "condition", "need", "what", "role", "waivable"),
            *("position", "source", "version", "since"),
        )
