"""An offer as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from huiyin.journey.resolution.models import Remedy
from huiyin.journey.resolution.rules import read_yuan


class OfferForm(forms.Form):
    remedy = forms.ModelChoiceField(Remedy.objects.usable())
    amount = forms.CharField(required=False, max_length=20)
    due_on = forms.DateField()
    basis = forms.CharField(max_length=500)
    wording = forms.CharField(required=False, max_length=5000)
    tell = forms.BooleanField(required=False)

    def clean_amount(self) -> int:
        fen = read_yuan(self.cleaned_data["amount"])
        if fen is None:
            raise forms.ValidationError(_("金额请填数字，最多两位小数，例如 58.00"))
        return fen

    def offered(self) -> dict[str, Any]:
        """As `propose` takes it."""
        data = self.cleaned_data
        return {
            "remedy": data["remedy"],
            "amount_fen": data["amount"],
            "due_on": data["due_on"],
            "basis": data["basis"],
            "wording": data["wording"],
        }
