"""The service that writes recordings down, as it is set up; its key is never shown again."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.sealing import seal
from huiyin.ground.webhooks.actions.posting import refusal_of
from huiyin.journey.channels.recordings.models import Standard, Transcriber
from huiyin.surface.console.forms.mail import KEPT, secret
from huiyin.surface.console.forms.setting import SettingForm


class StandardForm(SettingForm):
    class Meta:
        model = Standard
        fields = (
            *("pause_seconds", "hold_seconds", "music_seconds"),
            *("overlap_seconds", "interruption_seconds", "source", "version", "dated"),
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        pause, hold = typed.get("pause_seconds"), typed.get("hold_seconds")
        if pause is not None and hold is not None and hold <= pause:
            self.add_error("hold_seconds", _("静默保持要比停顿长"))
        return typed


class TranscriberForm(SettingForm):
    twice = gettext_lazy("已经有同名的转写服务了")

    new_key = secret(gettext_lazy("密钥"))
    field_order = ("name", "base_url", "model", "language", "new_key", "automatic")

    class Meta:
        model = Transcriber
        fields = ("name", "base_url", "model", "language", "automatic")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_there and self.instance.key:
            self.fields["new_key"].help_text = str(KEPT)

    def clean_base_url(self) -> str:
        address = str(self.cleaned_data["base_url"]).strip().rstrip("/")
        if refusal := refusal_of(address):
            raise forms.ValidationError(refusal)
        return address

    def clean_new_key(self) -> str:
        key = str(self.cleaned_data.get("new_key") or "")
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise forms.ValidationError(_("密钥里有不能用的字符，请重新复制"))
        return key

    def snapshot(self, row: Any) -> dict[str, str]:
        """That the key was changed stands in the history; the key does not."""
        told = super().snapshot(row)
        if row.key:
            mark = hashlib.sha256(row.key.encode()).hexdigest()[:6]
            told[str(self.fields["new_key"].label)] = _("已设置（#%(mark)s）") % {"mark": mark}
        return told

    def save(self, commit: bool = True) -> Any:
        if typed := self.cleaned_data.get("new_key"):
            self.instance.key = seal(typed)
        return super().save(commit)
