"""What is typed at a registration, and the questions a category asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.forms import TakingForm
from huiyin.journey.complaint.words import Channel
from huiyin.journey.intake import rules
from huiyin.journey.intake.models import DraftFile, Field
from huiyin.journey.intake.rules import FieldSpec
from huiyin.journey.intake.words import FieldType, ReplyBy

FIELD_PREFIX = "f-"  # of the names under which custom fields are typed


@dataclass(frozen=True)
class Asked:
    """A custom field as the form shows it."""

    field: Field
    spec: FieldSpec
    value: Any = ""
    required: bool = False
    error: str = ""
    files: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        return FIELD_PREFIX + self.field.key

    @property
    def is_filled(self) -> bool:
        return bool(self.value or self.files)

    @property
    def chosen(self) -> list[str]:
        return self.value if isinstance(self.value, list) else [str(self.value)]


# The channels by which staff take complaints down; the others come in by themselves.
TAKEN_DOWN = (
    Channel.PHONE,
    Channel.WALKIN,
    Channel.LETTER,
    Channel.EMAIL,
    Channel.CHAT,
    Channel.SOCIAL,
    Channel.FORM,
    Channel.REGULATOR,
)


class RegistrationForm(TakingForm):
    """What an agent writes while listening. Every fault is found by the act, so page and API
    refuse the same things in the same words."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("渠道"), choices=[(c.value, c.label) for c in TAKEN_DOWN], initial=Channel.PHONE
    )
    recording_told = forms.BooleanField(label=_("已告知录音"), required=False)
    privacy_told = forms.BooleanField(label=_("已告知隐私"), required=False)
    phone = forms.CharField(label=_("联系电话"), required=False)
    name = forms.CharField(label=_("称呼"), required=False)
    email = forms.CharField(label=_("邮箱"), required=False)
    reply_by = forms.ChoiceField(
        label=_("希望的回复方式"), choices=[("", _("未说明")), *ReplyBy.choices], required=False
    )
    order_no = forms.CharField(label=_("订单号"), required=False)
    happened_on = forms.DateField(label=_("发生日期"), required=False)
    place = forms.CharField(label=_("地点"), required=False)
    concerning = forms.CharField(label=_("投诉对象"), required=False)
    text = forms.CharField(label=_("经过"), required=False, strip=False)
    category = forms.CharField(label=_("类别"), required=False)
    category_chosen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    wanted = forms.CharField(label=_("诉求"), required=False)
    amount = forms.CharField(label=_("涉及金额"), required=False)
    expected = forms.CharField(label=_("期望时间"), required=False)

    def clean_amount(self) -> int | None:
        """Fen."""
        spec = FieldSpec("amount", FieldType.MONEY, str(_("涉及金额")))
        value, fault = rules.clean_answer(spec, self.cleaned_data["amount"])
        if fault:
            raise forms.ValidationError(fault)
        return value  # type: ignore[no-any-return]


def typed(data: QueryDict) -> dict[str, Any]:
    """What a draft keeps of a form: our own fields and the custom ones, nothing else."""
    kept: dict[str, Any] = {}
    for name in data:
        if name in RegistrationForm.base_fields and name != "key":
            kept[name] = data.get(name, "")
        elif name.startswith(FIELD_PREFIX) and len(name) <= 50:
            values = [value for value in data.getlist(name) if value]
            kept[name] = values if len(values) > 1 else (values[0] if values else "")
    return kept


def answers_in(content: Mapping[str, Any]) -> dict[str, Any]:
    """Custom answers by field key."""
    return {
        name.removeprefix(FIELD_PREFIX): value
        for name, value in content.items()
        if name.startswith(FIELD_PREFIX) and value not in ("", [])
    }


def asked(
    content: Mapping[str, Any],
    category: str,
    *,
    faults: Mapping[str, Any] | None = None,
    files: Iterable[DraftFile] = (),
) -> list[Asked]:
    """The custom fields to show for this category, with what was answered so far."""
    faults = faults or {}
    answers = answers_in(content)
    kept = list(files)
    facts: dict[str, Any] = {
        **answers,
        "category": category,
        **{name: content.get(name, "") for name in ("channel", "order_no", "wanted")},
        "happened_on": str(content.get("happened_on") or ""),
    }
    shown = []
    for one in Field.objects.live():
        spec = one.spec
        if rules.is_shown(spec, facts):
            shown.append(
                Asked(
                    one,
                    spec,
                    value=answers.get(one.key, ""),
                    required=rules.is_required(spec, facts),
                    error=str(faults.get(f"fields.{one.key}", "")),
                    files=tuple(file for file in kept if file.field_key == one.key),
                )
            )
    return shown
