"""Forms of remedies and of the numbers that calculators rest on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.people.models import Department
from huiyin.ground.webhooks.models import Endpoint
from huiyin.journey.resolution import fitting, shapes
from huiyin.journey.resolution.models import Figure, Remedy
from huiyin.journey.resolution.words import Calculator, FieldType, Unit
from huiyin.surface.console.forms.money import YUAN, fen, yuan
from huiyin.surface.console.forms.rows import Part, RowsField
from huiyin.surface.console.forms.setting import SettingForm


def doers() -> list[tuple[str, Any]]:
    """Who can carry out a step."""
    departments = Department.objects.in_use().order_by("name")
    systems = Endpoint.objects.order_by("name").values_list("code", "name")
    return [
        ("handler", _("处理人")),
        ("finance", _("财务")),
        *((f"department:{one.code}", one.shown_name) for one in departments),
        *((f"system:{code}", _("系统：%(name)s") % {"name": name}) for code, name in systems),
    ]


FIELDS = (
    Part("label_zh", gettext_lazy("名称")),
    Part("label_en", gettext_lazy("英文名")),
    Part("name", gettext_lazy("代码")),
    Part("type", gettext_lazy("类型"), "choice", lambda: FieldType.choices),
    Part("required", gettext_lazy("必填"), "yes"),
    Part("choices", gettext_lazy("可选的值"), "lines", width="wide"),
)
STEPS = (
    Part("what_zh", gettext_lazy("做什么"), width="wide"),
    Part("what_en", gettext_lazy("英文"), width="wide"),
    Part("by", gettext_lazy("由谁"), "choice", doers),
    Part("days", gettext_lazy("工作日"), "number", width="narrow"),
)


class RemedyForm(SettingForm):
    limit = forms.DecimalField(
        label=gettext_lazy("最高金额（元）"),
        help_text=gettext_lazy("留空表示不设上限；不论谁提出都不能超过"),
        **YUAN,
    )
    calculator = forms.ChoiceField(
        label=gettext_lazy("常用计算器"),
        required=False,
        choices=[("", gettext_lazy("不指定")), *Calculator.choices],
    )
    own_fields = RowsField(
        FIELDS,
        shapes.checked_fields,
        label=gettext_lazy("自己的字段"),
        help_text=gettext_lazy("拟这种方案时要写的内容，例如商品、券的面额、由谁付运费"),
    )
    steps = RowsField(
        STEPS,
        shapes.checked_steps,
        label=gettext_lazy("执行步骤"),
        help_text=gettext_lazy("客户同意后按顺序交给谁做、各要几个工作日"),
    )
    fits = ConditionField(
        fitting.attributes,
        label=gettext_lazy("适用条件"),
        required=False,
        preview=reverse_lazy("composer:fitting"),
        always=gettext_lazy("全部投诉"),
        help_text=gettext_lazy("符合条件时自动推荐；没有条件表示只由人选用"),
    )
    field_order = (
        *("code", "name_zh", "name_en", "response_kind", "money_kind", "needs_amount"),
        *("limit", "limit_percent", "days", "calculator", "basis", "asked_as"),
        *("wording_zh", "wording_en", "fits", "own_fields", "steps"),
    )

    class Meta:
        model = Remedy
        fields = (
            *("code", "name_zh", "name_en", "response_kind", "money_kind", "needs_amount"),
            *("limit_percent", "days", "calculator", "basis", "asked_as"),
            *("wording_zh", "wording_en", "fits"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Remedy = self.instance
        self.fields["response_kind"].required = True
        self.initial.update(limit=yuan(row.limit_fen), own_fields=row.fields, steps=row.execution)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        row: Remedy = self.instance
        row.limit_fen = fen(typed.get("limit"))
        if "own_fields" in typed:
            row.fields = typed["own_fields"]
        if "steps" in typed:
            row.execution = typed["steps"]
        if typed.get("needs_amount") and not typed.get("money_kind"):
            self.add_error("money_kind", _("要付钱的补救方式请选金额性质，权限按它来算"))
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        amount = yuan(row.limit_fen)
        told[self._label("limit")] = "" if amount is None else f"¥{amount:,}"
        told[self._label("fits")] = fitting.in_words(row.fits) if row.fits else ""
        told[self._label("own_fields")] = "、".join(one["label_zh"] for one in row.fields)
        told[self._label("steps")] = "；".join(
            f"{one['what_zh']}（{one['by']}，{one['days']}）" for one in row.execution
        )
        return told

    def _label(self, name: str) -> str:
        return str(self.fields[name].label)

    def fingerprint(self, row: Any) -> str:
        own = (row.limit_fen, row.fields, row.execution, row.fits)
        return f"{super().fingerprint(row)} {own!r}"


class FigureForm(SettingForm):
    """A number is typed in its unit; money in yuan. What the law changed is a new row."""

    amount = forms.DecimalField(
        label=gettext_lazy("数值"),
        min_value=Decimal(0),
        max_value=Decimal(10**9),
        decimal_places=2,
        help_text=gettext_lazy("金额按元填写，其他按单位填整数；规则填 0"),
    )
    field_order = (
        *("calculator", "code", "name_zh", "name_en", "amount", "unit", "law", "article"),
        *("mark", "source", "note", "note_en", "verified_on", "valid_from"),
    )
    twice = gettext_lazy("同一天已经有这个数字了，请直接修改那一行")

    class Meta:
        model = Figure
        fields = (
            *("calculator", "code", "name_zh", "name_en", "unit", "law", "article"),
            *("mark", "source", "note", "note_en", "verified_on", "valid_from"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Figure = self.instance
        self.initial["amount"] = yuan(row.value) if row.unit == Unit.FEN else row.value
        if self.is_there:
            self.fields["code"].disabled = self.fields["calculator"].disabled = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        amount, unit = typed.get("amount"), typed.get("unit")
        if amount is None or unit is None:
            return typed
        if unit != Unit.FEN and amount != amount.to_integral_value():
            self.add_error("amount", _("只有金额可以有小数，其他请填整数"))
            return typed
        self.instance.value = fen(amount) if unit == Unit.FEN else int(amount)
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        shown = f"¥{yuan(row.value):,}" if row.unit == Unit.FEN else str(row.value)
        return super().snapshot(row) | {str(self.fields["amount"].label): shown}

    def fingerprint(self, row: Any) -> str:
        return f"{super().fingerprint(row)} {row.value}"
