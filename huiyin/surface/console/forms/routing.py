"""Forms about who gets what: rules, skills, the roster of who is on duty."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.words import Channel
from huiyin.journey.routing import conditions
from huiyin.journey.routing.models import DutyShift, PersonSkill, Rule, Skill
from huiyin.journey.routing.permissions import HANDLERS
from huiyin.journey.routing.words import Post, SkillKind
from huiyin.surface.console.forms.setting import SettingForm

# Whose role lets him hold which post; a manager may hold any.
HOLDS = {
    Post.LEAD: (Role.LEAD, Role.SUPERVISOR, Role.MANAGER),
    Post.SUPERVISOR: (Role.SUPERVISOR, Role.MANAGER),
}
MOST_REPEATS = 60


class RuleForm(SettingForm):
    condition = ConditionField(
        conditions.attributes,
        label=gettext_lazy("条件"),
        preview=reverse_lazy("routing:preview"),
        always=gettext_lazy("全部投诉"),
        error_messages={"required": gettext_lazy("请至少添加一个条件，或勾选“全部投诉”")},
    )

    class Meta:
        model = Rule
        fields = (
            *("name", "position", "condition", "team", "person", "skills"),
            *("even_unsure", "source"),
        )
        widgets = {"skills": forms.CheckboxSelectMultiple}

    field_order = ("name", "position", "team", "person", "condition", "skills", "even_unsure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, skills = self.fields["person"], self.fields["skills"]
        assert isinstance(person, forms.ModelChoiceField)
        assert isinstance(skills, forms.ModelMultipleChoiceField)
        if person.queryset is not None:
            person.queryset = person.queryset.filter(roles__overlap=list(HANDLERS))
        skills.help_text = _("语言和渠道的技能会按客户自动要求，不用在这里选")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        team, person = typed.get("team"), typed.get("person")
        if team and person and not person.memberships.filter(team=team).exists():
            self.add_error("person", _("这个人不在所选小组里，请换人或换小组"))
        return typed

    def save(self, commit: bool = True) -> Any:
        if self.is_there and set(self.changed_data) - {"seen", "position"}:
            self.instance.version += 1  # reasons name the version that decided
        return super().save(commit)

    def snapshot(self, row: models.Model) -> dict[str, str]:
        assert isinstance(row, Rule)
        told = super().snapshot(row)
        told[str(self.fields["condition"].label)] = conditions.in_words(row.condition)
        return told

    def fingerprint(self, row: models.Model) -> str:
        assert isinstance(row, Rule)
        skills = sorted(row.skills.values_list("pk", flat=True)) if row.pk else []
        return super().fingerprint(row) + json.dumps(skills)


class SkillForm(SettingForm):
    """What a language or a channel is called in the complaint is chosen, not typed."""

    serves = forms.ChoiceField(
        label=gettext_lazy("对应的语言或渠道"),
        required=False,
        help_text=gettext_lazy("语言和渠道类技能要选；业务类技能不选"),
    )

    class Meta:
        model = Skill
        fields = ("code", "name", "name_en", "kind", "serves")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        serves, code = self.fields["serves"], self.fields["code"]
        assert isinstance(serves, forms.ChoiceField)
        serves.choices = [
            ("", _("不指定")),
            (SkillKind.LANGUAGE.label, list(settings.LANGUAGES)),
            (SkillKind.CHANNEL.label, list(Channel.choices)),
        ]
        code.disabled = self.is_there

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        known = {
            SkillKind.LANGUAGE: [code for code, _name in settings.LANGUAGES],
            SkillKind.CHANNEL: list(Channel.values),
            SkillKind.MATTER: [""],
        }
        kind, serves = typed.get("kind"), typed.get("serves", "")
        if kind and serves not in known[SkillKind(kind)]:
            self.add_error("serves", _("请选择与类型相符的语言或渠道；业务类技能留空"))
        return typed


class PersonSkillForm(SettingForm):
    twice = gettext_lazy("这个人已经有这项技能了，请直接修改熟练程度")

    class Meta:
        model = PersonSkill
        fields = ("person", "level")


class DutyShiftForm(SettingForm):
    """One shift, or the same one on the days that follow."""

    repeat = forms.IntegerField(
        label=gettext_lazy("之后再连续排几天"),
        required=False,
        min_value=0,
        max_value=MOST_REPEATS,
        initial=0,
        help_text=gettext_lazy("例如排一周就填 6；只在新增时有效"),
    )

    class Meta:
        model = DutyShift
        fields = ("post", "team", "person", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].help_text = _("不选表示全公司")
        if self.is_there:
            del self.fields["repeat"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        person, post = typed.get("person"), typed.get("post")
        if person and post and not can_hold(person, post):
            sentence = _("%(name)s 没有“%(post)s”的角色，不能值这个班")
            self.add_error("person", sentence % {"name": person.name, "post": Post(post).label})
        starts, ends = typed.get("starts_at"), typed.get("ends_at")
        if starts and ends and ends - starts > timedelta(days=31):
            self.add_error("ends_at", _("一个班次最长 31 天，请分开排"))
        return typed

    def named(self) -> list[str]:
        return [name for name in super().named() if name != "repeat"]


def can_hold(person: User, post: str) -> bool:
    return person.has_role(*HOLDS.get(Post(post), (post, Role.MANAGER)))
