"""An offer as it is typed, what an approver makes of it, and what the customer asks instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.words import Channel
from huiyin.journey.resolution import filling
from huiyin.journey.resolution.actions import Draft
from huiyin.journey.resolution.actions.calculating import due_after
from huiyin.journey.resolution.models import Offer, Remedy, usable_remedies
from huiyin.journey.resolution.rules import plain, read_yuan

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
    """What an approver puts in an offer's place; what he leaves out stays as it was.

    The remedy's own fields come as `f-` and their name, and count for the remedy that is chosen.
    """

    remedy = forms.ModelChoiceField(
        Remedy.objects.usable(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("这种补救方式已停用或不存在，请重新选择")},
    )
    amount = forms.CharField(required=False)
    order = forms.CharField(required=False)
    cost = forms.CharField(required=False)
    due_on = forms.DateField(
        required=False,
        error_messages={"invalid": gettext_lazy("执行期限不是日期，请写成 2026-12-01 这样")},
    )
    basis = forms.CharField(required=False)
    wording = forms.CharField(required=False)

    def _sum(self, name: str) -> int | None:
        typed = self.cleaned_data[name]
        fen = read_yuan(typed)
        if fen is None:
            raise forms.ValidationError(NO_AMOUNT)
        return fen if typed.strip() else None

    def clean_amount(self) -> int | None:
        return self._sum("amount")

    def clean_order(self) -> int | None:
        return self._sum("order")

    def clean_cost(self) -> int | None:
        return self._sum("cost")

    def draft(self, offer: Offer) -> Draft:
        data = _cleaned(self)
        remedy: Remedy = data["remedy"] or offer.remedy
        same = remedy.pk == offer.remedy_id
        amount = data["amount"]
        if amount is None:
            amount = offer.amount_fen if same else 0
        return Draft(
            remedy=remedy,
            basis=data["basis"] or offer.basis,
            wording=data["wording"] or (offer.wording if same else ""),
            due_on=data["due_on"] or offer.due_on,
            amount_fen=amount,
            fields=self._fields(offer, remedy),
            cost_fen=self._cost(offer, amount),
            # How it was worked out says nothing of another sum.
            calculation=offer.calculation if same and amount == offer.amount_fen else [],
            order_fen=offer.order_fen if data["order"] is None else data["order"],
        )

    def _cost(self, offer: Offer, amount_fen: int) -> int:
        """What is left out follows the sum where it did so before."""
        cost: int | None = self.cleaned_data["cost"]
        if cost is not None:
            return cost
        follows = offer.cost_fen and (offer.cost_fen == offer.amount_fen or "cost" in self.data)
        return amount_fen if follows else offer.cost_fen

    def _fields(self, offer: Offer, remedy: Remedy) -> dict[str, Any] | None:
        known = {one["name"] for one in remedy.fields}
        typed = {
            name: str(value)
            for name, value in (
                (key.removeprefix("f-"), self.data[key])
                for key in self.data
                if key.startswith("f-")
            )
            if name in known
        }
        same = remedy.pk == offer.remedy_id
        if same and not offer.fields and not any(value.strip() for value in typed.values()):
            return None  # nobody was asked for them, and nobody says them now
        if same and not typed:
            return offer.fields
        return filling.read(remedy, typed, at="f-", else_at="remedy")


def to_change(offer: Offer, remedy: Remedy | None = None) -> dict[str, Any]:
    """What the boxes of a change begin with: the offer itself, or what another remedy says."""
    remedies = list(usable_remedies())
    if all(one.pk != offer.remedy_id for one in remedies):
        remedies.insert(0, offer.remedy)
    began = {
        "remedies": remedies,
        "order": plain(offer.order_fen) if offer.order_fen else "",
        # A cost that is the sum follows it.
        "cost": plain(offer.cost_fen) if offer.cost_fen not in (0, offer.amount_fen) else "",
        "basis_target": f"#change-basis-{offer.pk}",
    }
    amount = plain(offer.amount_fen) if offer.amount_fen else ""
    if remedy is None or remedy.pk == offer.remedy_id:
        return began | {
            "fields": filling.asked(offer.remedy, filling.as_typed(offer.remedy, offer.fields)),
            "amount": amount,
            "due_on": offer.due_on,
            "basis": offer.basis,
            "wording": offer.wording,
        }
    return began | {
        "fields": filling.asked(remedy, {}),
        "amount": amount if remedy.needs_amount else "",
        "due_on": due_after(remedy.days),
        "basis": remedy.basis or offer.basis,
        "wording": remedy.wording_for(offer.complaint.customer.language),
    }


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
