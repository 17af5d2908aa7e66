"""A policy with its document, and a suspension with its day, as they are typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.refusal import Invalid

NO_DATE = {"invalid": _("日期请写成 2026-12-01 这样")}


class SuspensionForm(forms.Form):
    reason_code = forms.CharField(required=False)
    note = forms.CharField(required=False, strip=False)
    wake_on = forms.DateField(required=False, error_messages=NO_DATE)

    def typed(self) -> dict[str, Any]:
        """As `ask_suspension` takes it. Raises Invalid with the sentence of each field."""
        return _typed(self)


class AttachmentForm(forms.Form):
    policy = forms.CharField(required=False)
    document_no = forms.CharField(required=False, strip=False)
    document_on = forms.DateField(required=False, error_messages=NO_DATE)
    due_on = forms.DateField(required=False, error_messages=NO_DATE)

    def typed(self) -> dict[str, Any]:
        """As `attach` takes it. Raises Invalid with the sentence of each field."""
        return _typed(self)


def _typed(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        problems = {name: str(errors[0]) for name, errors in form.errors.items()}
        raise Invalid("；".join(problems.values()), **problems)
    return form.cleaned_data
