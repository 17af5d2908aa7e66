"""Forms about time: calendars with a week one can type, limits, policies that were verified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.worktime import rules as worktime
from huiyin.ground.worktime.models import Calendar, CalendarDay
from huiyin.journey.clocks.models import Policy, Term
from huiyin.journey.clocks.words import PolicyStatus
from huiyin.journey.routing import conditions
from huiyin.journey.routing.models import Route
from huiyin.journey.triage.models import Category
from huiyin.surface.console.forms.setting import SettingForm

WEEK = (
    ("monday", gettext_lazy("周一")),
    ("tuesday", gettext_lazy("周二")),
    ("wednesday", gettext_lazy("周三")),
    ("thursday", gettext_lazy("周四")),
    ("friday", gettext_lazy("周五")),
    ("saturday", gettext_lazy("周六")),
    ("sunday", gettext_lazy("周日")),
)
SHIFT = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})")


def shifts_as_text(shifts: Sequence[Sequence[str]]) -> str:
    return "  ".join(f"{opens}-{closes}" for opens, closes in shifts)


def shifts_of_text(text: str) -> list[list[str]]:
    """[["09:00", "12:00"], …] of "9:00-12:00 13:00-18:00"; "" is a day off."""
    found = [[opens.zfill(5), closes.zfill(5)] for opens, closes in SHIFT.findall(text)]
    if SHIFT.sub("", text).strip(" ,，、;；"):
        raise forms.ValidationError(_("请写成 09:00-12:00 13:00-18:00；不上班就留空"))
    return found


class CalendarForm(SettingForm):
    """Seven lines, one per weekday, instead of nested lists."""

    class Meta:
        model = Calendar
        fields = ("code", "name", "name_en", "zone", "follows_holidays", "ends_at_close")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.week or [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[]] * 2
        for (name, label), shifts in zip(WEEK, kept, strict=False):
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=200,
                initial=shifts_as_text(shifts),
                widget=forms.TextInput(
                    attrs={"class": "form-control", "placeholder": "09:00-12:00 13:00-18:00"}
                ),
            )
        if self.is_there:
            self.fields["code"].disabled = True  # teams and limits name it

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        week = []
        for name, _label in WEEK:
            try:
                week.append(shifts_of_text(typed.get(name, "")))
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)
        if self.errors:
            return typed
        try:
            worktime.read_week(week)
        except (ValueError, TypeError):
            self.add_error(None, _("时间写法不对，请用 00:00 到 24:00 之间的钟点"))
        self.instance.week = week
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        for (_name, label), shifts in zip(WEEK, row.week, strict=False):
            told[str(label)] = shifts_as_text(shifts)
        return told

    def fingerprint(self, row: Any) -> str:
        return f"{super().fingerprint(row)} {row.week}"


def calendar_choices() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in Calendar.objects.all()]


class PolicyForm(SettingForm):
    """A policy may be switched on only when somebody checked it and said when."""

    condition = ConditionField(
        conditions.attributes,
        label=gettext_lazy("自动用于哪些投诉"),
        preview=reverse_lazy("routing:preview"),
        always=gettext_lazy("全部投诉"),
        required=False,
        help_text=gettext_lazy("符合条件的投诉自动适用；留空：只按类别、级别、渠道，或由人附加"),
    )

    class Meta:
        model = Policy
        fields = (
            "code",
            "name_zh",
            "name_en",
            "law",
            "article",
            "source",
            "version",
            "verified_on",
            "status",
            "enabled",
            "condition",
            "is_law",
            "suspendable",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_there:
            self.fields["code"].disabled = True  # categories and running clocks name it

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        in_force = typed.get("status") == PolicyStatus.IN_FORCE
        if in_force and not typed.get("verified_on"):
            self.add_error("verified_on", _("标为执行中之前，请先核对原文并填写核实日期"))
        if typed.get("enabled") and not in_force:
            self.add_error("enabled", _("只有执行中的政策可以启用"))
        return typed


class TermForm(SettingForm):
    calendar_code = forms.ChoiceField(label=gettext_lazy("工作日历"), choices=calendar_choices)

    class Meta:
        model = Term
        fields = (
            "kind",
            "amount",
            "unit",
            "calendar_code",
            "warn_percent",
            "pauses_for_customer",
            "pauses_for_testing",
            "pause_rule",
            "ends_at_close",
            "most_extra",
            "extra_steps",
        )

    def clean_warn_percent(self) -> int:
        percent: int = self.cleaned_data["warn_percent"]
        if not 1 <= percent <= 99:
            raise forms.ValidationError(_("请填 1 到 99 之间的百分比"))
        return percent

    twice = gettext_lazy("这项政策已经有这种时限了，请直接修改那一条")


class DayForm(SettingForm):
    """A special day of one calendar."""

    twice = gettext_lazy("这一天已经有安排了，请直接修改那一天")

    class Meta:
        model = CalendarDay
        fields: tuple[str, ...] = ("day", "kind", "name", "name_en", "source")
        field_classes = {"day": forms.DateField}
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class HolidayForm(DayForm):
    """A special day of the whole country."""

    class Meta(DayForm.Meta):
        fields = ("day", "kind", "name", "name_en", "provisional", "source")


def prefix_choices() -> list[tuple[str, str]]:
    rest = ("", _("其他所有类别"))
    return [rest, *((row.code, f"{row.code} {row.path}") for row in Category.objects.live())]


class RouteForm(SettingForm):
    """From categories that exist; a prefix covers everything below it."""

    category_prefix = forms.ChoiceField(
        label=gettext_lazy("类别及其下级"),
        choices=prefix_choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select", "data-searchable": ""}),
    )

    class Meta:
        model = Route
        fields = ("category_prefix", "team", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefix = self.fields["category_prefix"]
        assert isinstance(prefix, forms.ChoiceField)
        kept = self.instance.category_prefix
        if self.is_there and kept not in {code for code, _name in prefix_choices()}:
            prefix.choices = [*prefix_choices(), (kept, kept)]  # retired since, or a bare prefix
