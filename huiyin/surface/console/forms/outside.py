"""An outside system as it is set up."""

from __future__ import annotations

import re

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.webhooks.models import Endpoint
from huiyin.surface.console.forms.setting import SettingForm

KIND = re.compile(r"[a-z][a-z0-9_.]{0,59}", re.ASCII)


class EndpointForm(SettingForm):
    """Addresses are checked by the row itself, so the API is held to the same."""

    kinds = SimpleArrayField(
        forms.CharField(max_length=60),
        required=False,
        label=gettext_lazy("接收的种类"),
        help_text=gettext_lazy("例如 execution.step，execution.cancel；用逗号分开，留空表示都接收"),
    )

    class Meta:
        model = Endpoint
        fields = ("code", "name", "url", "status_url", "kinds", "enabled")

    def clean_kinds(self) -> list[str]:
        kinds = [one.strip() for one in self.cleaned_data["kinds"] if one.strip()]
        if not all(KIND.fullmatch(one) for one in kinds):
            raise forms.ValidationError(_("种类用小写字母、数字和点，例如 execution.step"))
        return list(dict.fromkeys(kinds))
