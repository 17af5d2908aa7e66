"""The reason for looking behind the mask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.privacy.actions import SHORTEST_REASON


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("查看理由"),
        min_length=SHORTEST_REASON,
        max_length=200,
        error_messages={
            "required": _("请写明查看理由，至少 4 个字，例如：回电核实情况"),
            "min_length": _("请写明查看理由，至少 4 个字，例如：回电核实情况"),
        },
    )
