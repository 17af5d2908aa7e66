"""What is typed about a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.forms import TakingForm
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.words import Found
from huiyin.journey.intake import rules
from huiyin.journey.intake.rules import FieldSpec
from huiyin.journey.intake.words import FieldType


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PieceForm(TakingForm):
    """Every fault is found by the act, so page and API refuse the same things in the same words."""

    text = forms.CharField(label=_("信的内容"), required=False, strip=False)
    name = forms.CharField(label=_("姓名"), required=False)
    phone = forms.CharField(label=_("电话"), required=False)
    email = forms.CharField(label=_("邮箱"), required=False)
    address = forms.CharField(label=_("通信地址"), required=False)
    order_no = forms.CharField(label=_("订单号"), required=False)
    amount = forms.CharField(label=_("涉及金额"), required=False)
    dated_on = DayField(label=_("写信日期"), required=False)
    wanted = forms.CharField(label=_("要求"), required=False)
    received_on = DayField(label=_("收到日期"), required=False)
    postmarked_on = DayField(label=_("邮戳日期"), required=False)
    number = forms.CharField(label=_("投诉编号"), required=False)

    def clean_amount(self) -> int | None:
        """Fen."""
        spec = FieldSpec("amount", FieldType.MONEY, str(_("涉及金额")))
        value, fault = rules.clean_answer(spec, self.cleaned_data["amount"])
        if fault:
            raise forms.ValidationError(fault)
        return value  # type: ignore[no-any-return]

    def given(self) -> Said:
        typed: dict[str, Any] = dict(self.cleaned_data)
        typed.pop("number", None)
        return Said(amount_fen=typed.pop("amount", None), **typed)


# Kinds of things found, in the order of the form, by the field that takes them.
PROPOSED = (
    Found.NAME,
    Found.PHONE,
    Found.EMAIL,
    Found.ADDRESS,
    Found.ORDER,
    Found.AMOUNT,
    Found.DATED,
    Found.WANTED,
)
