"""What is asked of departments by itself: templates of tasks for each handling rule."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.cooperation.models import TaskTemplate
from huiyin.journey.cooperation.words import Part
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.asking import TaskTemplateForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def limit_of(template: TaskTemplate) -> str:
    """“2 工作日”; empty where the department's own counts."""
    if template.amount is None:
        return ""
    return f"{float(template.amount):g} {template.get_unit_display()}"


SECTIONS: tuple[Section, ...] = (
    Section(
        name="task-templates",
        group=Group.SOLVING,
        icon="send",
        title=_("协办任务模板"),
        one=_("任务模板"),
        about=_("哪类投诉自动提出请哪个部门做什么、多久答复"),
        model_name="cooperation.TaskTemplate",
        columns=(
            Column("handling_rule", _("处理规则"), "code"),
            Column("title", _("标题"), "strong"),
            Column("department_code", _("部门"), "code"),
            Column("part", _("主办或协办")),
            Column(limit_of, _("答复时限")),
        ),
        form=TaskTemplateForm,
        search=("code", "handling_rule", "title_zh", "title_en", "question_zh", "department_code"),
        filters=(of_choices("part", _("主办或协办"), Part.choices), in_use_or_not()),
        order=("handling_rule", "position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        empty=_("没有任务模板；请运行 dev.py manage load_reference 装入"),
    ),
)
