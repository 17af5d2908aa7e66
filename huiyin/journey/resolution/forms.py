"""An offer as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid
from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import read_yuan

NO_AMOUNT = gettext_lazy("金额请写数字，最多两位小数，例如 58 或 1,200.50")


class OfferForm(forms.Form):
    """Lengths are not checked here: the act says what is too long, so nothing is said twice."""

    remedy = forms.ModelChoiceField(
        Remedy.objects.usable(),
        error_messages={
            "required": gettext_lazy("请选择补救方式"),
            "invalid_choice": gettext_lazy("这种补救方式已停用或不存在，请重新选择"),
        },
    )
    amount = forms.CharField(required=False)
    due_on = forms.DateField(
        error_messages={
            "required": gettext_lazy("请选择执行期限"),
            "invalid": gettext_lazy("执行期限不是日期，请写成 2026-12-01 这样"),
        }
    )
    basis = forms.CharField(required=False)
    wording = forms.CharField(required=False)
    tell = forms.BooleanField(required=False)

    def clean_amount(self) -> int:
        fen = read_yuan(self.cleaned_data["amount"])
        if fen is None:
            raise forms.ValidationError(NO_AMOUNT)
        return fen

    def offered(self) -> dict[str, Any]:
        """As `propose` takes it. Raises Invalid with the sentence of each field."""
        if not self.is_valid():
            problems = {name: str(errors[0]) for name, errors in self.errors.items()}
            raise Invalid("；".join(problems.values()), **problems)
        data = self.cleaned_data
        return {
            "remedy": data["remedy"],
            "amount_fen": data["amount"],
            "due_on": data["due_on"],
            "basis": data["basis"],
            "wording": data["wording"],
        }
