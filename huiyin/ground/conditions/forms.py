"""The builder: a form field in which a condition is put together by choosing, not by typing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from huiyin.ground.conditions import rules
from huiyin.ground.conditions.rules import Attribute
from huiyin.ground.conditions.words import WITH_SEVERAL, WITHOUT_VALUE
from huiyin.ground.refusal import Invalid

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Attributes = Callable[[], Iterable[Attribute]]


def typed(text: str, attributes: Iterable[Attribute]) -> dict[str, Any] | None:
    """The condition that was sent, or None for none. Raises ValueError with a sentence."""
    if not text.strip():
        return None
    if len(text) > rules.LONGEST_TYPED:
        raise ValueError(_("条件太长，请拆成几条更简单的"))
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise ValueError(_("看不懂这个条件，请刷新页面后重新选择")) from wrong
    return rules.checked(said, attributes)


def condition_in(text: str, attributes: Iterable[Attribute]) -> dict[str, Any] | None:
    """`typed`, as the business says no."""
    try:
        return typed(text, attributes)
    except ValueError as wrong:
        raise Invalid(str(wrong), condition=str(wrong)) from wrong


def written(condition: Any) -> str:
    """A condition as it travels in a form or an address."""
    if condition is None or condition == "":
        return ""
    if isinstance(condition, str):
        return condition
    return json.dumps(condition, ensure_ascii=False, separators=(",", ":"))


def offered(attributes: Iterable[Attribute]) -> list[dict[str, Any]]:
    """What can be chosen, for the builder and for programs."""
    return [
        {
            "key": one.key,
            "label": str(one.label),
            "kind": str(one.kind),
            "unit": str(one.unit),
            "operators": [
                {
                    "key": str(operator),
                    "label": str(operator.label),
                    "value": operator not in WITHOUT_VALUE,
                    "several": operator in WITH_SEVERAL,
                }
                for operator in one.operators
            ],
            "choices": [[str(value), str(label)] for value, label in one.choices()],
        }
        for one in attributes
    ]


class ConditionInput(forms.Widget):
    """Rows of attribute, operator and value in groups; without JavaScript the JSON itself."""

    template_name = "conditions/builder.html"
    use_fieldset = True

    def __init__(self, attributes: Attributes, *, preview: Any = "", always: Any = "") -> None:
        super().__init__()
        self.attributes = attributes
        self.preview = preview
        self.always = always

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {
            "offered": offered(self.attributes()),
            "offered_id": f"{(attrs or {}).get('id', name)}-offered",
            "preview": str(self.preview),
            "always": str(self.always),
        }
        return context


class ConditionField(forms.Field):
    """A condition over these attributes. Empty means none; `always` offers "always" as a choice.

    `preview`: the address that tells which complaints fit ("" shows none).
    """

    def __init__(
        self,
        attributes: Attributes,
        *,
        preview: str | _StrPromise = "",
        always: str | _StrPromise = "",
        **kwargs: Any,
    ) -> None:
        self.attributes = attributes
        kwargs.setdefault("widget", ConditionInput(attributes, preview=preview, always=always))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> str:
        return written(value)

    def to_python(self, value: Any) -> dict[str, Any] | None:
        try:
            return typed(written(value), self.attributes())
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def has_changed(self, initial: Any, data: Any) -> bool:
        return written(initial) != written(data)
