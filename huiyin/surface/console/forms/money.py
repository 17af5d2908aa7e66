"""Forms about money: typed in yuan, kept in fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from huiyin.journey.resolution.models import AuthorityLimit
from huiyin.surface.console.forms.setting import SettingForm

YUAN: dict[str, Any] = {
    "required": False,
    "min_value": Decimal(0),
    "max_digits": 12,
    "decimal_places": 2,
    "widget": forms.NumberInput(attrs={"step": "0.01", "class": "form-control"}),
}


class LimitForm(SettingForm):
    per_case = forms.DecimalField(
        label=gettext_lazy("每件上限（元）"),
        help_text=gettext_lazy("留空表示不设上限"),
        **YUAN,
    )
    monthly = forms.DecimalField(
        label=gettext_lazy("每月上限（元）"),
        help_text=gettext_lazy("留空表示不设上限"),
        **YUAN,
    )
    field_order = ("role", "per_case", "monthly", "source", "version", "valid_from")

    class Meta:
        model = AuthorityLimit
        fields = ("role", "source", "version", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: AuthorityLimit = self.instance
        self.initial.update(per_case=yuan(row.per_case_fen), monthly=yuan(row.monthly_fen))
        if self.is_there:
            self.fields["role"].disabled = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        self.instance.per_case_fen = fen(typed.get("per_case"))
        self.instance.monthly_fen = fen(typed.get("monthly"))
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        for name, value in (("per_case", row.per_case_fen), ("monthly", row.monthly_fen)):
            amount = yuan(value)
            told[str(self.fields[name].label)] = "" if amount is None else f"¥{amount:,}"
        return told

    def fingerprint(self, row: Any) -> str:
        return f"{super().fingerprint(row)} {row.per_case_fen} {row.monthly_fen}"


def yuan(amount_fen: int | None) -> Decimal | None:
    return None if amount_fen is None else Decimal(amount_fen).scaleb(-2)


def fen(amount_yuan: Decimal | None) -> int | None:
    return None if amount_yuan is None else int(amount_yuan.scaleb(2))
