"""A policy with its document, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.refusal import Invalid

NO_DATE = {"invalid": _("日期请写成 2026-12-01 这样")}


class AttachmentForm(forms.Form):
    policy = forms.CharField(required=False)
    document_no = forms.CharField(required=False, strip=False)
    document_on = forms.DateField(required=False, error_messages=NO_DATE)
    due_on = forms.DateField(required=False, error_messages=NO_DATE)

    def typed(self) -> dict[str, Any]:
        """As `attach` takes it. Raises Invalid with the sentence of each field."""
        if not self.is_valid():
            problems = {name: str(errors[0]) for name, errors in self.errors.items()}
            raise Invalid("；".join(problems.values()), **problems)
        return self.cleaned_data
