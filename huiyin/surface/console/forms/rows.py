"""Rows that are put together by choosing and typing, kept as one JSON list."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from huiyin.journey.resolution.shapes import Wrong

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST = 40_000


@dataclass(frozen=True)
class Part:
    """One column: text, number, yes, choice, or lines of “value | 中文 | English”."""

    key: str
    label: str | _StrPromise
    kind: str = "text"
    choices: Callable[[], Sequence[tuple[str, Any]]] = tuple
    width: str = ""  # wide or narrow

    def told(self) -> dict[str, Any]:
        own = asdict(self) | {"label": str(self.label)}
        return own | {"choices": [[str(v), str(label)] for v, label in self.choices()]}


class RowsInput(forms.Widget):
    """A table with a row for each; without JavaScript the JSON itself."""

    template_name = "console/rows_input.html"
    use_fieldset = True

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self.parts = parts

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["parts"] = [part.told() for part in self.parts]
        context["widget"]["parts_id"] = f"{(attrs or {}).get('id', name)}-parts"
        return context


class RowsField(forms.Field):
    """A list of rows, checked by `check`, which raises `Wrong` with a sentence."""

    def __init__(
        self, parts: Sequence[Part], check: Callable[[object], list[dict[str, Any]]], **kwargs: Any
    ) -> None:
        self.check = check
        super().__init__(required=False, widget=RowsInput(parts), **kwargs)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or [], ensure_ascii=False)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        text = str(value or "").strip()
        if not text:
            return []
        if len(text) > LONGEST:
            raise forms.ValidationError(_("这里写得太多了，请精简"))
        try:
            return self.check(json.loads(text))
        except Wrong as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        except (ValueError, RecursionError) as wrong:
            raise forms.ValidationError(_("这里的写法不对，请刷新页面后重新填写")) from wrong

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)
