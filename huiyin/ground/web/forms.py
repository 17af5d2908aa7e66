"""Forms that hand what was typed to an act, and take back its sentences by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from huiyin.ground.refusal import Refused

Done = TypeVar("Done")


class Taking(forms.BaseForm):
    """`take` runs an act with what the form holds; its refusal becomes the form's own errors."""

    status = 422  # of the answer that shows the errors

    def take(self, act: Callable[[], Done], faults: dict[str, Any] | None = None) -> Done | None:
        """What the act gave, or None with the errors at their fields; `faults` gathers all of
        them, also of fields that are not the form's own."""
        try:
            return act()
        except Refused as refused:
            self.status = refused.status_code
            if faults is not None:
                faults.update(refused.fields)
            for name, sentence in refused.fields.items():
                if name in self.fields:
                    self.add_error(name, str(sentence))
            if not set(refused.fields) & set(self.fields):
                self.add_error(None, str(refused.sentence))
            return None

    def did(self, act: Callable[[], object]) -> bool:
        """For acts that give nothing back: whether it went well."""
        return self.take(lambda: (act(), True)) is not None


class TakingForm(Taking, forms.Form):
    """A form of its own, of no model."""
