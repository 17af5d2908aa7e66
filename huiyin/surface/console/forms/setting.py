"""The form behind every setting: it notices when somebody else changed the row meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models
from django.db.models import Q
from django.forms.models import model_to_dict, modelform_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.forms import dress
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.web.forms import Done, Taking

if TYPE_CHECKING:
    from huiyin.surface.console.section import Words

BLANK = [("", "---------")]


class SettingForm(Taking, forms.ModelForm):  # type: ignore[type-arg]
    """Knows what its row looked like when the page was made, so nobody overwrites unseen work."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    hidden: ClassVar[tuple[str, ...]] = ("seen",)
    # Said when the row would be there twice by a field that the form does not show.
    twice: Words = gettext_lazy("已经有这样一项了，请直接修改那一项")

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        self.by = by  # who edits; some forms offer less to some
        super().__init__(*args, **kwargs)
        if self.is_there:
            self.initial["seen"] = self.fingerprint(self.instance)
        for name, field in self.fields.items():
            self.narrow(name, field)
        dress(self)

    @classmethod
    def of(cls, model: type[models.Model], fields: Sequence[str]) -> type[Self]:
        made: Any = modelform_factory(
            model, form=cls, fields=list(fields), formfield_callback=formfield
        )
        return made  # type: ignore[no-any-return]

    def narrow(self, name: str, field: forms.Field) -> None:
        """Offer only what is in use; a retired row already chosen stays choosable."""
        if self.is_there and name == self._meta.model._meta.pk.name:
            field.disabled = True
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            model = field.queryset.model
            in_use = Q()
            if _has(model, "retired_at"):
                in_use = Q(retired_at=None)
            elif _has(model, "is_system"):
                in_use = Q(is_active=True, is_system=False)
            chosen = getattr(self.instance, f"{name}_id", None) if self.is_there else None
            if in_use:
                field.queryset = field.queryset.filter(in_use | Q(pk=chosen))
        if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = _("不指定")
        elif isinstance(field, forms.TypedChoiceField):
            choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
            if choices[:1] == BLANK:
                field.choices = [("", _("不指定")), *choices[1:]]
        field.widget.attrs.setdefault("autocomplete", "off")

    def take(self, act: Callable[[], Done], faults: dict[str, Any] | None = None) -> Done | None:
        try:
            done = super().take(act, faults)
        except IntegrityError:  # of two people at once the other was first
            self.status = Refused.status_code
            self.add_error(None, str(self.twice))
            done = None
        if done is None and self.is_there:
            # Whoever has read what the other one did may save again, knowing it.
            stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
            data: Any = self.data
            self.data = data.copy()
            self.data["seen"] = self.fingerprint(stored)  # type: ignore[index]
        return done

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, faults in self.errors.as_data().items():
            for fault in faults:
                if fault.code in ("unique", "unique_together"):
                    field = self.fields.get(name)
                    fault.message = _("“%(label)s”与已有的重复，请换一个")
                    fault.params = {"label": field.label if field else ""}
        if not self.errors:
            # Django looks only at constraints whose every field is in the form.
            try:
                self.instance.validate_constraints()
            except ValidationError:
                self.add_error(None, str(self.twice))

    @property
    def is_there(self) -> bool:
        """Whether the row is in the table; a code typed as a key says nothing yet."""
        return not self.instance._state.adding

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in self.hidden]

    def named(self) -> list[str]:
        """The fields whose change is told in the history."""
        return [name for name in self.fields if name not in self.hidden]

    def fingerprint(self, row: models.Model) -> str:
        values = model_to_dict(row, fields=[n for n in self.named() if _has(type(row), n)])
        text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def snapshot(self, row: models.Model) -> dict[str, str]:
        """What the row says, by label, in words for the history."""
        told = {}
        for name in self.named():
            if _has(type(row), name):
                told[str(self.fields[name].label or name)] = in_words(row, name)
        return told


def _has(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def formfield(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Django's form field, with the browser's own pickers and our labels."""
    if isinstance(field, models.DateTimeField):
        kwargs["widget"] = forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        )
    elif isinstance(field, models.DateField):
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    elif isinstance(field, models.TimeField):
        kwargs["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    elif isinstance(field, models.TextField):
        kwargs["widget"] = forms.Textarea(attrs={"rows": 5})
    return field.formfield(**kwargs)  # type: ignore[no-any-return]


def in_words(row: models.Model, name: str) -> str:
    """One field's value for people: labels for choices, names for related rows."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return "、".join(sorted(str(other) for other in getattr(row, name).all()))
    value = getattr(row, name)
    if display := getattr(row, f"get_{name}_display", None):
        return str(display())
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        base = getattr(field, "base_field", None)
        labels = {str(k): v for k, v in getattr(base, "flatchoices", ()) or ()}
        return "、".join(str(labels.get(str(item), item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if hasattr(value, "tzinfo") and getattr(value, "tzinfo", None):
        value = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)
