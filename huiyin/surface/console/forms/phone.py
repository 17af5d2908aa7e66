"""Extensions, limits of calls, and the ladder for abusive ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.channels.phone.models import Extension, Limit, Rung
from huiyin.journey.channels.phone.words import Allows
from huiyin.surface.console.forms.setting import SettingForm


class ExtensionForm(SettingForm):
    twice = gettext_lazy("这个分机号已经有人用了")

    class Meta:
        model = Extension
        fields = ("number", "user", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.active().order_by("name")  # type: ignore[attr-defined]


class LimitForm(SettingForm):
    class Meta:
        model = Limit
        fields = ("seconds", "source", "version", "dated")


class RungForm(SettingForm):
    class Meta:
        model = Rung
        fields = (
            *("position", "allows", "name_zh", "words_zh", "name_en", "words_en"),
            *("source", "version", "dated"),
        )

    def clean_allows(self) -> str:
        """A call may end only after a warning: there must be one before the end can be a step."""
        allows = str(self.cleaned_data["allows"])
        if allows == Allows.END:
            others = Rung.objects.filter(enabled=True, allows=Allows.WARN)
            if not others.exclude(pk=self.instance.pk).exists():
                raise forms.ValidationError(_("结束通话之前至少要有一步警告"))
        return allows
