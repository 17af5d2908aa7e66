"""Templates of tasks to departments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import Department
from huiyin.journey.cooperation.models import TaskTemplate
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.forms.sorting import handling_choices


def department_choices() -> list[tuple[str, str]]:
    none = ("", _("下发时选择"))
    return [none, *((one.code, str(one)) for one in Department.objects.in_use())]


class TaskTemplateForm(SettingForm):
    """What a handling rule asks of a department; the department by its code, chosen from a list."""

    handling_rule = forms.ChoiceField(label=gettext_lazy("处理规则"), choices=handling_choices)
    department_code = forms.ChoiceField(
        label=gettext_lazy("部门"), choices=department_choices, required=False
    )

    class Meta:
        model = TaskTemplate
        fields = (
            "code",
            "handling_rule",
            "category_prefix",
            "department_code",
            "part",
            "title_zh",
            "title_en",
            "question_zh",
            "question_en",
            "amount",
            "unit",
            "shows",
            "beside",
            "position",
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        # A department that the house does not have (yet) stays written as it is.
        code = self.instance.department_code
        field = self.fields["department_code"]
        assert isinstance(field, forms.ChoiceField)
        known = [value for value, _label in department_choices()]
        if code and code not in known:
            field.choices = [*department_choices(), (code, code)]
