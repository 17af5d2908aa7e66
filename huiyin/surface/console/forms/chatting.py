"""A chat window as it is set up, and what it asks first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.worktime.models import Calendar
from huiyin.journey.channels.chat.models import Site, SiteField
from huiyin.journey.channels.chat.models.sites import check_origin
from huiyin.journey.channels.chat.words import Ask
from huiyin.surface.console.forms.setting import SettingForm

MOST_ORIGINS = 50


class LinesField(SimpleArrayField):
    """One a line; empty lines say nothing."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class SiteForm(SettingForm):
    twice = gettext_lazy("已经有这个代码的聊天窗口了")

    origins = LinesField(
        forms.CharField(max_length=200, validators=[check_origin]),
        label=gettext_lazy("允许的网站"),
        required=False,
        delimiter="\n",
        max_length=MOST_ORIGINS,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("一行一个，例如 https://www.example.com，不带路径；不能用 *"),
    )
    calendar_code = forms.ChoiceField(
        label=gettext_lazy("工作日历"),
        help_text=gettext_lazy("什么时候有人接待；首答时限只在这些时间里计算"),
    )

    field_order = (
        *("code", "name", "name_en", "enabled", "team", "calendar_code", "origins"),
        *("colour", "position", "files_allowed", "follows_pages"),
        *("first_reply_seconds", "warn_percents", "return_seconds"),
        *("remind_minutes", "idle_minutes", "summary_minutes"),
        *("greeting_zh", "greeting_en", "offline_zh", "offline_en"),
        *("danger_zh", "danger_en"),
        *("privacy_zh", "privacy_en", "privacy_version"),
    )

    class Meta:
        model = Site
        fields = (
            *("code", "name", "name_en", "enabled", "team", "calendar_code", "origins"),
            *("colour", "position", "files_allowed", "follows_pages"),
            *("first_reply_seconds", "warn_percents", "return_seconds"),
            *("remind_minutes", "idle_minutes", "summary_minutes"),
            *("greeting_zh", "greeting_en", "offline_zh", "offline_en"),
            *("danger_zh", "danger_en"),
            *("privacy_zh", "privacy_en", "privacy_version"),
        )
        widgets: Any = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "greeting_zh": forms.Textarea(attrs={"rows": 2}),
            "greeting_en": forms.Textarea(attrs={"rows": 2}),
            "offline_zh": forms.Textarea(attrs={"rows": 2}),
            "offline_en": forms.Textarea(attrs={"rows": 2}),
            "danger_zh": forms.Textarea(attrs={"rows": 2}),
            "danger_en": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendars = Calendar.objects.order_by("code")
        self.fields["calendar_code"].choices = [  # type: ignore[attr-defined]
            (one.code, str(one)) for one in calendars
        ]
        if self.is_there:
            self.fields["code"].disabled = True  # it stands in the pages of others

    def clean_origins(self) -> list[str]:
        """Each once, as browsers send it: what differs only by capitals or a slash is mended."""
        return list(dict.fromkeys(self.cleaned_data["origins"]))

    def clean_warn_percents(self) -> list[int]:
        return sorted(set(self.cleaned_data["warn_percents"] or []))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        remind, idle = typed.get("remind_minutes"), typed.get("idle_minutes")
        if remind and idle and remind >= idle:
            self.add_error("remind_minutes", _("应比“多久不说话就结束”短，或填 0 不提醒"))
        if typed.get("privacy_zh") and not typed.get("privacy_version"):
            self.add_error("privacy_version", _("改了隐私告知请写一个新的版本号，访客会重新同意"))
        return typed


class QuestionForm(SettingForm):
    class Meta:
        model = SiteField
        fields = ("ask", "label_zh", "label_en", "required", "place")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("ask") == Ask.TEXT and not typed.get("label_zh"):
            self.add_error("label_zh", _("请写明问什么"))
        return typed
