"""An outside system as it is set up: first its kind, then what that kind asks for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.connector import Field, connector_of, connectors
from huiyin.journey.channels.hooks.models import Hook
from huiyin.surface.console.forms.mail import KEPT, secret
from huiyin.surface.console.forms.setting import SettingForm

PREFIX = "of_"  # before the name of a connector's own field


class HookForm(SettingForm):
    connector = forms.ChoiceField(label=gettext_lazy("种类"))

    field_order = ("connector", "code", "name", "team", "enabled")

    class Meta:
        model = Hook
        fields = ("connector", "code", "name", "team", "enabled")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        chosen = ""
        if data is not None and "code" not in data:  # the first step: only what kind it is
            chosen, data = str(data.get("connector", "")), None
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "connector": chosen}
        super().__init__(data, *args, **kwargs)
        kinds = connectors()
        self.fields["connector"].choices = [(k, str(one.LABEL)) for k, one in kinds.items()]  # type: ignore[attr-defined]
        self.kind = self._kind()
        if self.is_there:
            self.fields["connector"].disabled = True
            self.fields["code"].disabled = True
        if self.kind not in kinds:
            for name in ("code", "name", "team", "enabled"):
                del self.fields[name]
            self.fields["connector"].help_text = _("选好种类后填写它需要的内容")
            return
        self.fields["code"].help_text = _("写在对方要填的地址里，用小写字母、数字和 -，以后不能改")
        for field in self.own:
            self.fields[PREFIX + field.name] = self._field(field)

    def _kind(self) -> str:
        if self.is_there:
            return str(self.instance.connector)
        typed = self.data.get("connector") if self.is_bound else self.initial.get("connector")
        return str(typed or "")

    @property
    def own(self) -> tuple[Field, ...]:
        connector = connector_of(self.kind)
        return connector.FIELDS if connector else ()

    def _field(self, field: Field) -> forms.Field:
        there = self.is_there and field.name in self.instance.secrets
        if field.secret:
            made: forms.Field = secret(field.label)
            made.help_text = str(KEPT) if there else str(field.help)
            made.required = False
        elif field.choices:
            made = forms.ChoiceField(label=field.label, choices=field.choices, required=False)
        else:
            made = forms.CharField(label=field.label, required=False, max_length=500)
            made.help_text = str(field.help)
        made.initial = "" if field.secret else self.instance.options.get(field.name, field.default)
        made.widget.attrs.setdefault("class", "form-select" if field.choices else "form-control")
        made.widget.attrs.setdefault("autocomplete", "off")
        if field.required and not there and not field.default:
            made.label = f"{field.label} *"
        return made

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        kept = {} if not self.is_there else {**self.instance.secrets}
        for name, fault in actions.faults_of(self.kind, self.given(), kept=kept).items():
            self.add_error(PREFIX + name if PREFIX + name in self.fields else None, fault)
        return typed

    def given(self) -> dict[str, str]:
        return {f.name: str(self.cleaned_data.get(PREFIX + f.name) or "") for f in self.own}

    def fingerprint(self, row: Any) -> str:
        own = json.dumps([row.options, row.sealed], sort_keys=True, default=str)
        return super().fingerprint(row) + hashlib.sha256(own.encode()).hexdigest()[:8]

    def snapshot(self, row: Any) -> dict[str, str]:
        """What it says; that a secret was changed stands in the history, the secret does not."""
        told = super().snapshot(row)
        for field in self.own:
            if not field.secret:
                told[str(field.label)] = str(row.options.get(field.name, ""))
            elif value := row.secrets.get(field.name):
                mark = hashlib.sha256(f"{row.salt}{value}".encode()).hexdigest()[:6]
                told[str(field.label)] = _("已设置（#%(mark)s）") % {"mark": mark}
        return told

    def save(self, commit: bool = True) -> Any:
        self.instance.connector = self.kind
        actions.put_in(self.instance, self.given())
        return super().save(commit)
