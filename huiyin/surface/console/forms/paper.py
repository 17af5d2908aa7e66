"""Templates of letters and the envelopes that they are folded for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.channels.paper.models import Template, Window
from huiyin.journey.channels.paper.rules import words
from huiyin.surface.console.forms.setting import SettingForm

WORDED = ("sender", "subject", "opening", "closing", "signature")
SHEET = (210, 297)  # millimetres of A4


class WindowForm(SettingForm):
    twice = gettext_lazy("已经有这个代码了")

    class Meta:
        model = Window
        fields = (
            *("code", "name", "name_en", "left", "top", "width", "height"),
            *("sender_top", "body_top", "folds", "source", "version", "dated"),
        )

    def clean_folds(self) -> str:
        """Millimetres from the upper edge, on the sheet."""
        typed = str(self.cleaned_data["folds"])
        try:
            found = words.folds(typed)
        except ValueError as error:
            raise forms.ValidationError(_("折线请写毫米数，用逗号分隔，例如 105,210")) from error
        if not all(0 < one < SHEET[1] for one in found) or len(found) > 4:
            raise forms.ValidationError(_("折线要在 0 到 297 毫米之间，最多四条"))
        return typed

    def clean(self) -> dict[str, object]:
        typed = super().clean() or self.cleaned_data
        told = {name: typed.get(name) or 0 for name in ("left", "top", "width", "height")}
        if told["left"] + told["width"] > SHEET[0]:
            self.add_error("width", _("地址框超出了纸的右边"))
        if told["width"] < 40 or told["height"] < 15:
            self.add_error("height", _("地址框至少宽 40、高 15 毫米，否则写不下地址"))
        if (typed.get("body_top") or 0) < told["top"] + told["height"]:
            self.add_error("body_top", _("正文要在地址框下面开始"))
        if (typed.get("body_top") or 0) > 200:
            self.add_error("body_top", _("正文最晚从 200 毫米处开始"))
        return typed


class TemplateForm(SettingForm):
    twice = gettext_lazy("这种语言已经有缺省模板，或代码已被使用")

    class Meta:
        model = Template
        fields = (
            *("code", "name", "language", "window", "sender", "subject", "opening"),
            *("closing", "signature", "is_default", "source", "version", "dated"),
        )

    def clean(self) -> dict[str, object]:
        """Only what can be put in stands in braces."""
        typed = super().clean() or self.cleaned_data
        known = "、".join(f"{{{name}}}" for name in words.PLACEHOLDERS)
        for name in WORDED:
            if strange := words.unknown(str(typed.get(name) or "")):
                told = {"mark": f"{{{strange[0]}}}", "known": known}
                self.add_error(name, _("没有 %(mark)s 这一项，可用：%(known)s") % told)
        return typed
