"""Forms of what complaints are sorted by: categories, facets, first steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.clocks.models import Policy
from huiyin.journey.triage.models import Category, Facet, HandlingRule
from huiyin.surface.console.forms.setting import SettingForm

SEARCHABLE = {"class": "form-select", "data-searchable": ""}


def policy_choices() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in Policy.objects.all()]


def handling_choices() -> list[tuple[str, str]]:
    none = ("", _("不指定"))
    return [none, *((row.code, str(row)) for row in HandlingRule.objects.all())]


class CategoryForm(SettingForm):
    """The code says where a category stands: SF.02.01 lies under SF.02."""

    sla_code = forms.ChoiceField(
        label=gettext_lazy("时限政策"),
        choices=policy_choices,
        widget=forms.Select(attrs=SEARCHABLE),
    )
    handling_rule = forms.ChoiceField(
        label=gettext_lazy("处理规则"), choices=handling_choices, required=False
    )

    class Meta:
        model = Category
        fields = (
            "code",
            "name_zh",
            "name_en",
            "description_zh",
            "description_en",
            "severity",
            "sla_code",
            "handling_rule",
            "nature",
            "owner_dept",
            "seeds",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seeds"].widget.attrs["rows"] = 4

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        above = code.rpartition(".")[0]
        if above and not self.is_there and not Category.objects.live().filter(code=above).exists():
            raise forms.ValidationError(
                _("上级类别 %(code)s 不存在或已停用，请先新增它") % {"code": above}
            )
        return code

    def save(self, commit: bool = True) -> Any:
        if not self.is_there:
            code = self.instance.code
            kin = Category.objects.filter(code__startswith=code.rpartition(".")[0])
            # After its siblings: rows of one place are ordered by their codes.
            self.instance.place = kin.aggregate(last=Max("place"))["last"] or 0
        return super().save(commit)


class FacetForm(SettingForm):
    class Meta:
        model = Facet
        fields = ("code", "parent", "name_zh", "name_en", "severity", "sla_code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("parent", _("上级")),
            ("severity", _("默认严重度")),
            ("sla_code", _("时限政策")),
        ):
            self.fields[name].label = label
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.disabled = self.is_there
        parent.required = not self.is_there
        if parent.queryset is not None:
            parent.queryset = parent.queryset.exclude(code__contains=".")

    def save(self, commit: bool = True) -> Any:
        if not self.is_there:
            kin = Facet.objects.filter(parent=self.instance.parent)
            self.instance.place = kin.aggregate(last=Max("place"))["last"] or 0
        return super().save(commit)
