"""An offer as it is typed, what an approver makes of it, and what the customer asks instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.words import Channel
from huiyin.journey.resolution.actions import Draft
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.resolution.rules import read_yuan

NO_AMOUNT = gettext_lazy("金额请写数字，最多两位小数，例如 58 或 1,200.50")


class OfferForm(forms.Form):
    """Lengths are not checked here: the act says what is too long, so nothing is said twice."""

    remedy = forms.ModelChoiceField(
        Remedy.objects.usable(),
        error_messages={
            "required": gettext_lazy("请选择补救方式"),
            "invalid_choice": gettext_lazy("这种补救方式已停用或不存在，请重新选择"),
        },
    )
    amount = forms.CharField(required=False)
    due_on = forms.DateField(
        error_messages={
            "required": gettext_lazy("请选择执行期限"),
            "invalid": gettext_lazy("执行期限不是日期，请写成 2026-12-01 这样"),
        }
    )
    basis = forms.CharField(required=False)
    wording = forms.CharField(required=False)
    tell = forms.BooleanField(required=False)

    def clean_amount(self) -> int:
        fen = read_yuan(self.cleaned_data["amount"])
        if fen is None:
            raise forms.ValidationError(NO_AMOUNT)
        return fen

    def offered(self) -> dict[str, Any]:
        """As `propose` takes it. Raises Invalid with the sentence of each field."""
        data = _cleaned(self)
        return {
            "remedy": data["remedy"],
            "amount_fen": data["amount"],
            "due_on": data["due_on"],
            "basis": data["basis"],
            "wording": data["wording"],
        }


class ChangeForm(forms.Form):
    """What an approver puts in an offer's place; what he leaves out stays as it was."""

    amount = forms.CharField(required=False)
    due_on = forms.DateField(
        required=False,
        error_messages={"invalid": gettext_lazy("执行期限不是日期，请写成 2026-12-01 这样")},
    )
    basis = forms.CharField(required=False)
    wording = forms.CharField(required=False)

    def clean_amount(self) -> int | None:
        typed = self.cleaned_data["amount"]
        fen = read_yuan(typed)
        if fen is None:
            raise forms.ValidationError(NO_AMOUNT)
        return fen if typed.strip() else None

    def draft(self, offer: Offer) -> Draft:
        data = _cleaned(self)
        amount = data["amount"]
        return Draft(
            remedy=offer.remedy,
            basis=data["basis"] or offer.basis,
            wording=data["wording"] or offer.wording,
            due_on=data["due_on"] or offer.due_on,
            amount_fen=offer.amount_fen if amount is None else amount,
            fields=offer.fields or None,
            cost_fen=offer.cost_fen,
            # How it was worked out says nothing of another sum.
            calculation=offer.calculation if amount in (None, offer.amount_fen) else [],
            order_fen=offer.order_fen,
        )


class WishForm(forms.Form):
    """What the customer asks for instead."""

    words = forms.CharField(required=False)
    amount = forms.CharField(required=False)
    remedy = forms.ModelChoiceField(
        Remedy.objects.usable(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("这种补救方式已停用或不存在，请重新选择")},
    )
    heard_by = forms.CharField(required=False)
    heard_at = forms.DateTimeField(
        required=False,
        error_messages={"invalid": gettext_lazy("时间写得不对，请重新选择")},
    )

    def clean_amount(self) -> int | None:
        typed = self.cleaned_data["amount"]
        fen = read_yuan(typed)
        if fen is None:
            raise forms.ValidationError(NO_AMOUNT)
        return fen if typed.strip() else None

    def wished(self) -> dict[str, Any]:
        """As `counter` takes it."""
        data = _cleaned(self)
        return {
            "words": data["words"],
            "amount_fen": data["amount"],
            "remedy": data["remedy"],
            "heard_by": data["heard_by"] or Channel.PHONE,
            "heard_at": data["heard_at"],
        }


def _cleaned(form: forms.Form) -> dict[str, Any]:
    """What was typed. Raises Invalid with the sentence of each field."""
    if not form.is_valid():
        problems = {name: str(errors[0]) for name, errors in form.errors.items()}
        raise Invalid("；".join(problems.values()), **problems)
    return form.cleaned_data
