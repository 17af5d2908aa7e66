"""Forms about money: typed in yuan, kept in fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.people.words import Role
from huiyin.journey.resolution import demanding
from huiyin.journey.resolution.models import AuthorityLimit, Budget, JointRule
from huiyin.surface.console.forms.setting import SettingForm

YUAN: dict[str, Any] = {
    "required": False,
    "min_value": Decimal(0),
    "max_digits": 12,
    "decimal_places": 2,
    "widget": forms.NumberInput(attrs={"step": "0.01", "class": "form-control"}),
}

SIGNERS = (Role.MANAGER, Role.FINANCE, Role.LEGAL, Role.SUPERVISOR, Role.PUBLIC_RELATIONS)


class MoneyForm(SettingForm):
    """`money`: the form's fields in yuan, by the column in fen that keeps each."""

    money: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in self.money.items():
            self.initial[name] = yuan(getattr(self.instance, column))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name, column in self.money.items():
            setattr(self.instance, column, fen(typed.get(name)))
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        for name, column in self.money.items():
            amount = yuan(getattr(row, column))
            told[str(self.fields[name].label)] = "" if amount is None else f"¥{amount:,}"
        return told

    def fingerprint(self, row: Any) -> str:
        amounts = " ".join(str(getattr(row, column)) for column in self.money.values())
        return f"{super().fingerprint(row)} {amounts}"


class LimitForm(MoneyForm):
    money: ClassVar[dict[str, str]] = {
        "per_case": "per_case_fen",
        "monthly": "monthly_fen",
        "alone": "alone_fen",
    }
    per_case = forms.DecimalField(
        label=gettext_lazy("每件上限（元）"),
        help_text=gettext_lazy("留空表示不设上限"),
        **YUAN,
    )
    monthly = forms.DecimalField(
        label=gettext_lazy("每月上限（元）"),
        help_text=gettext_lazy("留空表示不设上限"),
        **YUAN,
    )
    alone = forms.DecimalField(
        label=gettext_lazy("单人可定（元）"),
        help_text=gettext_lazy("超过它，即使在权限内也要第二个人同意；留空表示不要求"),
        **YUAN,
    )
    field_order = (
        *("role", "kind", "per_case", "percent", "monthly", "alone"),
        *("source", "version", "valid_from"),
    )
    twice = gettext_lazy("这个角色和金额性质在这一天已有额度，请直接修改那一项，或换一个生效日期")

    class Meta:
        model = AuthorityLimit
        fields = ("role", "kind", "percent", "source", "version", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_there:
            self.fields["role"].disabled = True
            self.fields["kind"].disabled = True


class JointRuleForm(SettingForm):
    condition = ConditionField(
        demanding.attributes,
        label=gettext_lazy("条件"),
        help_text=gettext_lazy("满足条件的方案，不论金额都要会签"),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("会签角色"),
        choices=[(role.value, role.label) for role in SIGNERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("每个角色各一个人签，先后不限"),
    )

    class Meta:
        model = JointRule
        fields = (
            *("code", "name", "name_en", "condition", "roles"),
            *("source", "version", "valid_from"),
        )

    def snapshot(self, row: Any) -> dict[str, str]:
        told = super().snapshot(row)
        told[str(self.fields["condition"].label)] = demanding.in_words(row.condition)
        names = [str(Role(role).label) for role in row.roles]
        told[str(self.fields["roles"].label)] = "、".join(names)
        return told


class BudgetForm(MoneyForm):
    money: ClassVar[dict[str, str]] = {"amount": "amount_fen"}
    amount = forms.DecimalField(label=gettext_lazy("金额（元）"), **{**YUAN, "required": True})
    field_order = (
        *("team", "department", "first_day", "last_day", "amount"),
        *("warn_percent", "source", "version"),
    )

    class Meta:
        model = Budget
        fields = (
            *("team", "department", "first_day", "last_day"),
            *("warn_percent", "source", "version"),
        )


def yuan(amount_fen: int | None) -> Decimal | None:
    return None if amount_fen is None else Decimal(amount_fen).scaleb(-2)


def fen(amount_yuan: Decimal | None) -> int | None:
    return None if amount_yuan is None else int(amount_yuan.scaleb(2))
