"""The form of a custom field: conditions by the builder, options and limits as lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.conditions.rules import in_words
from huiyin.journey.intake.models import Field
from huiyin.journey.intake.rules import check_definition
from huiyin.surface.console.conditions import at_the_door
from huiyin.surface.console.forms.setting import SettingForm

LIMITS = ("min_length", "max_length", "min", "max", "max_files")
CONDITIONS = ("shown_when", "required_when")
LIMIT: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 10**12}


class FieldForm(SettingForm):
    categories = forms.CharField(
        label=gettext_lazy("适用类别"),
        required=False,
        help_text=gettext_lazy("类别代码，用逗号分开，下级类别自动包含；留空表示全部类别"),
    )
    options = forms.CharField(
        label=gettext_lazy("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("单选和多选用；每行一个：代码 | 名称 | 英文名"),
    )
    shown_when = ConditionField(
        at_the_door,
        label=gettext_lazy("何时显示"),
        required=False,
        help_text=gettext_lazy("没有条件表示总显示"),
    )
    required_when = ConditionField(
        at_the_door,
        label=gettext_lazy("何时必填"),
        required=False,
        always=gettext_lazy("总是必填"),
        help_text=gettext_lazy("没有条件表示选填"),
    )
    min_length = forms.IntegerField(label=gettext_lazy("最少字数"), **LIMIT)
    max_length = forms.IntegerField(label=gettext_lazy("最多字数"), **LIMIT)
    min = forms.IntegerField(label=gettext_lazy("最小值"), **LIMIT)
    max = forms.IntegerField(label=gettext_lazy("最大值"), **LIMIT)
    max_files = forms.IntegerField(label=gettext_lazy("最多文件数"), **LIMIT)

    class Meta:
        model = Field
        fields = (
            "key",
            "type",
            "label",
            "label_en",
            "help",
            "help_en",
            "position",
        )

    field_order = (
        *("label", "label_en", "key", "type", "options", "categories", "required_when"),
        *("shown_when", "help", "help_en", *LIMITS, "position"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Field = self.instance
        self.initial.update(
            categories=", ".join(row.categories),
            options="\n".join(_option_line(option) for option in row.options),
            **{name: row.limits.get(name) for name in LIMITS},
        )
        for name in CONDITIONS:
            self.initial[name] = getattr(row, name)
        if self.is_there:
            self.fields["key"].disabled = True  # answers are stored under it
            self.fields["type"].disabled = True

    def clean_categories(self) -> list[str]:
        typed = self.cleaned_data["categories"].replace("，", ",").replace("、", ",")
        return [code.strip() for code in typed.split(",") if code.strip()]

    def clean_options(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["options"].splitlines() if line.strip()]
        options = []
        for line in lines[:200]:
            value, label, english = [*(part.strip() for part in line.split("|")), "", ""][:3]
            options.append({"value": value, "label": label or value, "label_en": english})
        values = [option["value"] for option in options]
        if len(set(values)) < len(values):
            raise forms.ValidationError(_("选项代码不能重复"))
        return options

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        row: Field = self.instance
        for name in ("categories", "options", *CONDITIONS):
            if name in typed:
                setattr(row, name, typed[name])
        # Limits this form does not show ("whole") stay.
        others = {k: v for k, v in (row.limits or {}).items() if k not in LIMITS}
        shown = {name: typed[name] for name in LIMITS if typed.get(name) is not None}
        row.limits = others | shown
        if not self.errors:
            for name in ("key", "type", "label"):
                setattr(row, name, typed[name])
            for fault in check_definition(row.spec):
                self.add_error(None, fault)
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        asked = list(at_the_door())
        for name in CONDITIONS:
            told[str(self.fields[name].label)] = in_words(getattr(row, name), asked)
        told[str(self.fields["options"].label)] = "、".join(o["label"] for o in row.options)
        for name in LIMITS:
            told[str(self.fields[name].label)] = str(row.limits.get(name, ""))
        return told

    def fingerprint(self, row: Any) -> str:
        return super().fingerprint(row) + repr(
            (row.categories, row.options, row.shown_when, row.required_when, row.limits)
        )


def _option_line(option: dict[str, str]) -> str:
    parts = (option["value"], option.get("label", ""), option.get("label_en", ""))
    return " | ".join(parts).rstrip(" |")
