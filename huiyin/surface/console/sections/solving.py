"""Authority, and the words customers get to read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.words import PhraseForm, TemplateForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not
from huiyin.surface.console.words import Group
from huiyin.surface.notices.models import LetterTemplate
from huiyin.surface.notices.rules import PLACEHOLDERS, filled, sample_values


def sample_letter(template: LetterTemplate, _request: HuiyinRequest) -> dict[str, Any]:
    """The letter as a customer would get it."""
    values = sample_values()
    return {
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
        "sample_subject": filled(template.subject_zh, values),
        "sample_body": filled(template.body_zh, values),
        "sample_subject_en": filled(template.subject_en, values),
        "sample_body_en": filled(template.body_en, values),
    }


SECTIONS: tuple[Section, ...] = (
    Section(
        name="phrases",
        group=Group.SOLVING,
        icon="message-square-quote",
        title=_("常用语"),
        one=_("常用语"),
        about=_("回复客户时一点就能填入的话，可按类别提供"),
        model_name="notices.Phrase",
        columns=(
            Column("title", _("标题"), "strong"),
            Column("category_prefix", _("类别前缀"), "code"),
            Column("text_zh", _("内容")),
            Column("position", _("顺序"), "number"),
        ),
        form=PhraseForm,
        search=("title", "text_zh", "text_en"),
        filters=(in_use_or_not(),),
        order=("position", "pk"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        aside="console/aside/phrase.html",
        empty=_("还没有常用语；新增后回复框里立刻可以选用"),
    ),
    Section(
        name="templates",
        group=Group.SOLVING,
        icon="mail-open",
        title=_("信件模板"),
        one=_("模板"),
        about=_("受理确认、结案告知等自动信件的文字"),
        model_name="notices.LetterTemplate",
        columns=(
            Column("name", _("用途"), "strong"),
            Column("code", _("代码"), "code"),
            Column("subject_zh", _("主题")),
        ),
        form=TemplateForm,
        search=("name", "code", "subject_zh", "body_zh"),
        filters=(in_use_or_not(field="enabled"),),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        may_add=False,
        retires="enabled",
        aside="console/aside/template.html",
        facts=sample_letter,
        empty=_("没有信件模板；请运行 dev.py manage load_reference 装入"),
    ),
)
