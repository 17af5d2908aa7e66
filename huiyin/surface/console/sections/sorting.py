"""What complaints are sorted by: the taxonomy, the facets, the questions, the first steps."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.words import Severity
from huiyin.journey.intake.words import FieldType
from huiyin.journey.triage.models import Category, Facet
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.field import FieldForm
from huiyin.surface.console.forms.sorting import CategoryForm, FacetForm
from huiyin.surface.console.section import Column, Filter, Section, Words
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Did, Group

WHOLE_TREE = 400  # rows on one page: a tree cut in two is no tree


def headings_filter() -> Filter:
    return Filter(
        "heading",
        _("大类"),
        lambda: [(row.code, str(row)) for row in Category.objects.main()],
        lambda code: Q(code=code) | Q(code__startswith=f"{code}."),
    )


def category_hangs_together(category: Category, did: Did) -> Words:
    """Nothing in use stands below what is not."""
    if did == Did.RETIRED:
        below = category.children.filter(retired_at=None).count()
        return (
            gettext("先停用它下面还在使用的 %(count)d 个类别") % {"count": below} if below else ""
        )
    above = category.parent
    is_gone = above is not None and above.retired_at is not None
    return gettext("先恢复上级类别“%(above)s”") % {"above": above} if is_gone else ""


def facet_hangs_together(facet: Facet, did: Did) -> Words:
    below = facet.values.filter(retired_at=None).count() if did == Did.RETIRED else 0
    return gettext("先停用它下面还在使用的 %(count)d 项") % {"count": below} if below else ""


def family(category: Category, _request: HuiyinRequest) -> dict[str, Any]:
    """The way from the heading down, and what lies below."""
    above = [category]
    while above[0].parent is not None:
        above.insert(0, above[0].parent)
    return {"above_it": above[:-1], "below_it": list(category.children.all())}


SECTIONS: tuple[Section, ...] = (
    Section(
        name="categories",
        group=Group.SORTING,
        icon="folder-tree",
        title=_("投诉类别"),
        one=_("类别"),
        about=_("投诉分成哪些类，默认多严重、用哪项时限、凭哪些词认出"),
        model_name="triage.Category",
        columns=(
            Column("name", _("名称"), "tree"),
            Column("code", _("代码"), "code"),
            Column("severity", _("默认级别"), "severity"),
            Column("sla_code", _("时限政策"), "code"),
            Column("handling_rule", _("处理规则"), "code"),
            Column("owner_dept", _("责任部门")),
        ),
        form=CategoryForm,
        search=("code", "name_zh", "name_en", "description_zh", "seeds"),
        filters=(
            headings_filter(),
            of_choices("severity", _("级别"), Severity.choices),
            in_use_or_not(),
        ),
        order=("place", "code"),
        depth=lambda category: category.level - 1,
        per_page=WHOLE_TREE,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        guard=category_hangs_together,
        aside="console/aside/category.html",
        facts=family,
        list_template="console/words.html",
        empty=_("没有类别；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="facets",
        group=Group.SORTING,
        icon="layers",
        title=_("分面"),
        one=_("分面"),
        about=_("与类别交叉的维度：性质、原因、责任、补救等"),
        model_name="triage.Facet",
        columns=(
            Column("name", _("名称"), "tree"),
            Column("code", _("代码"), "code"),
            Column("severity", _("默认级别"), "severity"),
            Column("sla_code", _("时限政策"), "code"),
        ),
        form=FacetForm,
        search=("code", "name_zh", "name_en"),
        filters=(in_use_or_not(),),
        order=("place", "code"),
        rows=lambda rows, _user: rows.exclude(parent=None),  # the root says nothing
        depth=lambda facet: facet.code.count("."),
        per_page=WHOLE_TREE,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        guard=facet_hangs_together,
        empty=_("没有分面；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="fields",
        group=Group.SORTING,
        icon="text-cursor-input",
        title=_("自定义字段"),
        one=_("字段"),
        about=_("登记时按类别多问的问题，何时显示、何时必填"),
        model_name="intake.Field",
        columns=(
            Column("label", _("名称"), "strong"),
            Column("key", _("代码"), "code"),
            Column("type", _("类型"), "state"),
            Column("categories", _("适用类别"), "tags"),
            Column("position", _("顺序"), "number"),
        ),
        form=FieldForm,
        search=("label", "label_en", "key"),
        filters=(of_choices("type", _("类型"), FieldType.choices), in_use_or_not()),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        aside="console/aside/field.html",
        empty=_("还没有自定义字段；新增后登记页会立刻出现"),
    ),
    Section(
        name="handling",
        group=Group.SORTING,
        icon="siren",
        title=_("处理规则"),
        one=_("规则"),
        about=_("哪类投诉先做哪几步；登记和受理时提示"),
        model_name="triage.HandlingRule",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("text", _("要求")),
        ),
        fields=("name_zh", "name_en", "text_zh", "text_en", "steps_zh", "steps_en"),
        search=("code", "name_zh", "text_zh", "steps_zh"),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        may_add=False,
        aside="console/aside/handling.html",
        empty=_("没有处理规则；请运行 dev.py manage load_reference 装入"),
    ),
)
