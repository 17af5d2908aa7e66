"""Forms of people: planned absences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.web.forms import Taking
from huiyin.journey.routing.actions.relieving import LONGEST_REASON

PICKER = {"type": "datetime-local", "class": "form-control"}


class AbsenceForm(Taking, forms.Form):
    person = forms.ModelChoiceField(label=_("谁离岗"), queryset=User.objects.none())
    deputy = forms.ModelChoiceField(
        label=_("代理人"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("沿用平时的代理人"),
    )
    starts_at = forms.DateTimeField(
        label=_("从"), widget=forms.DateTimeInput(attrs=PICKER, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label=_("到"), widget=forms.DateTimeInput(attrs=PICKER, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, people: Any, deputies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("person", people), ("deputy", deputies)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
            field.widget.attrs["class"] = "form-select"
