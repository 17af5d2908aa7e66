"""What an editor types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.actions import Text
from huiyin.ground.knowledge.actions.importing import listed
from huiyin.ground.knowledge.fits import fits
from huiyin.ground.knowledge.models import KEEPERS, Version
from huiyin.ground.knowledge.words import Audience, Checked, Kind, Step
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.web.forms import TakingForm

PLAIN = {"class": "form-control"}
SELECT = {"class": "form-select"}
SEARCHABLE = {"class": "form-select", "data-searchable": ""}
OWNERS = (*KEEPERS, Role.LEGAL, Role.SUPERVISOR, Role.FINANCE, Role.PRIVACY, Role.TRAINER)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **PLAIN}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


def _words(label: Any, most: int, **more: Any) -> forms.CharField:
    more.setdefault("required", False)
    return forms.CharField(
        label=label, max_length=most, widget=forms.TextInput(attrs=PLAIN), **more
    )


def _several(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    widget = forms.SelectMultiple(attrs=SEARCHABLE)
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=widget, **more
    )


class EditForm(TakingForm):
    """All of a version, and of its article who answers for it."""

    title = _words(_("标题"), rules.LONGEST_TITLE, required=True)
    body = forms.CharField(
        label=_("正文（Markdown）"),
        max_length=rules.LONGEST_BODY,
        widget=forms.Textarea(attrs={**PLAIN, "rows": 16, "data-preview": ""}),
    )
    title_en = _words(_("英文标题"), 200)
    body_en = forms.CharField(
        label=_("英文正文"),
        max_length=rules.LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={**PLAIN, "rows": 8}),
    )
    audience = forms.ChoiceField(
        label=_("读者"),
        choices=Audience.choices,
        initial=Audience.AGENT,
        widget=forms.Select(attrs=SELECT),
        help_text=_("“客户可见”的会出现在客户的帮助页"),
    )
    roles = _several(_("受限给哪些角色"), Role.choices, help_text=_("读者为“受限”时必选"))
    categories = _several(_("适用类别"), (), help_text=_("留空表示都适用；选上级就包括下级"))
    remedies = _several(_("适用补救"), ())
    steps = _several(_("适用环节"), Step.choices)
    keywords = _words(
        _("关键词"),
        600,
        help_text=_("投诉里出现这些词就推荐，用逗号隔开，例如：过了七天，质量问题"),
    )
    source = _words(_("出处"), 120, help_text=_("法律全称，或条款集的名称，例如：售后条款"))
    clause = _words(_("条款"), 60, help_text=_("例如：第二十四条"))
    edition = _words(_("版本"), 60, help_text=_("例如：2013 修正、2026-01"))
    dated = _day(_("公布或施行日期"))
    url = _words(_("来源网址"), 300)
    checked = forms.ChoiceField(
        label=_("核对情况"),
        choices=Checked.choices,
        initial=Checked.HOUSE,
        widget=forms.Select(attrs=SELECT),
    )
    valid_from = _day(_("生效日期"), help_text=_("留空：审核通过就生效"))
    valid_to = _day(_("失效日期"), help_text=_("留空：一直有效，到复审为止"))
    change = _words(
        pgettext_lazy("change", "修改说明"), 300, help_text=_("改了什么、为什么，审核的人先看这里")
    )
    owner = forms.ModelChoiceField(
        label=_("负责人"), queryset=User.objects.none(), widget=forms.Select(attrs=SEARCHABLE)
    )
    review_on = _day(_("复审日期"), help_text=_("到这一天提醒负责人重读"))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: Version | None = None, **kwargs: Any) -> None:
        if version is not None:
            kwargs["initial"] = of(version) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        categories, remedies = fits()
        asked = kwargs.get("initial") or {}
        for name, names in (("categories", categories), ("remedies", remedies)):
            known = {code: f"{code} {told}" for code, told in names.items()}
            gone = {code: code for code in asked.get(name, ()) if code not in known}
            self.fields[name].choices = list((known | gone).items())  # type: ignore[attr-defined]
        kept = version.article.owner_id if version else None
        owners = User.objects.active().with_role(*OWNERS) | User.objects.filter(pk=kept)
        self.fields["owner"].queryset = owners.distinct()  # type: ignore[attr-defined]

    @property
    def text(self) -> Text:
        said = self.cleaned_data
        names = Text.__dataclass_fields__
        values = {name: said[name] for name in names if name in said}
        return Text(**values | {"keywords": listed(said["keywords"])})


class NewForm(EditForm):
    """The same, with what is said once."""

    kind = forms.ChoiceField(
        label=_("类型"), choices=Kind.choices, widget=forms.Select(attrs=SELECT)
    )
    code = _words(_("编号"), 40, help_text=_("留空自动编号；用来引用，例如 AS-03"))


def of(version: Version) -> dict[str, Any]:
    """What the form begins with."""
    values = Text.of(version).values()
    return values | {
        "keywords": "，".join(version.keywords),
        "owner": version.article.owner_id,
        "review_on": version.article.review_on,
        "revision": version.revision,
    }
