"""Forms of triage."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from huiyin.journey.complaint.words import Severity
from huiyin.journey.triage import shown
from huiyin.journey.triage.words import RejectReason


class CategorySelect(forms.Select):
    """A select whose options are drawn once for all pages, and not one by one on each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        code = escape(value or "")
        options = f'<option value="">{_("请选择")}</option>{shown.category_options()}'
        chosen = options.replace(f'value="{code}"', f'value="{code}" selected', 1)
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(given), mark_safe(chosen))  # noqa: S308


class TriageForm(forms.Form):
    """Category and severity as a person settles them."""

    category = forms.ChoiceField(
        label=_("类别"),
        widget=CategorySelect(attrs={"class": "form-select", "data-searchable": ""}),
    )
    severity = forms.TypedChoiceField(
        label=_("严重度"),
        coerce=int,
        choices=Severity.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=500,
        widget=forms.TextInput(
            attrs={"class": "form-control", "placeholder": _("降低有风险的级别时必填")}
        ),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            return  # the widget draws its options itself; only an answer is compared with them
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *shown.category_groups()]


class RejectionForm(forms.Form):
    """Why a complaint is not taken up, and where else the customer can go."""

    reason = forms.ChoiceField(
        label=_("原因"),
        choices=RejectReason.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    remedies = forms.CharField(
        label=_("告知客户的其他途径"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
