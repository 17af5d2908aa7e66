"""Forms about people: users with roles and teams, teams with members, tokens."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, Department, Team, User
from huiyin.ground.people.rules import sign_in_name
from huiyin.ground.people.words import Role
from huiyin.surface.console import rules
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.forms.time import calendar_choices


class PersonForm(SettingForm):
    """A user with roles and teams. Offers only the roles that the editor may give."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("角色"), required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("团队"),
        required=False,
        queryset=Team.objects.filter(retired_at=None),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = (
            "username",
            "name",
            "email",
            "roles",
            "teams",
            "department",
            "deputy",
            "presence",
            "language",
        )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.kept: list[str] = []
        roles, deputy, language = (self.fields[n] for n in ("roles", "deputy", "language"))
        assert isinstance(roles, forms.MultipleChoiceField)
        assert isinstance(deputy, forms.ModelChoiceField)
        may = rules.grantable(by.roles, Role.values)
        roles.choices = [(r.value, r.label) for r in Role if r.value in may]
        language.widget = forms.Select(
            {"class": "form-select"}, choices=[("", _("中文（默认）")), *settings.LANGUAGES]
        )
        if self.is_there:
            # What the editor may not give, he may not take: it stays, unseen by the form.
            self.kept = [role for role in self.instance.roles if role not in may]
            self.fields["username"].disabled = True
            self.initial["teams"] = list(self.instance.teams.all())
            assert deputy.queryset is not None
            deputy.queryset = deputy.queryset.exclude(pk=self.instance.pk)

    def clean_username(self) -> str:
        name = sign_in_name(self.cleaned_data["username"])
        if not self.is_there and User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("这个登录名已有人使用，请换一个"))
        return name

    def clean_roles(self) -> list[str]:
        return sorted({*self.cleaned_data["roles"], *self.kept}, key=Role.values.index)

    def fingerprint(self, row: models.Model) -> str:
        # The model's own fields say nothing of teams, which are edited here as well.
        assert isinstance(row, User)
        teams = ",".join(map(str, sorted(row.memberships.values_list("team_id", flat=True))))
        return super().fingerprint(row) + hashlib.sha256(teams.encode()).hexdigest()[:8]


class TeamForm(SettingForm):
    """A team with its members, who are people in use; the rest of the house stays as it is."""

    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("成员"),
        required=False,
        queryset=User.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )

    calendar_code = forms.ChoiceField(label=gettext_lazy("工作日历"), choices=calendar_choices)

    class Meta:
        model = Team
        fields = (
            "code",
            "name",
            "name_en",
            "department",
            "lead",
            "duty_supervisor",
            "calendar_code",
            "members",
        )


class DepartmentForm(SettingForm):
    """Whom to ask, whom to call and how long it may take. Heads are people who sign in here."""

    calendar_code = forms.ChoiceField(label=gettext_lazy("工作日历"), choices=calendar_choices)

    class Meta:
        model = Department
        fields = (
            "code",
            "name",
            "name_en",
            "kind",
            "parent",
            "about",
            "head",
            "deputy_head",
            "duty",
            "duty_phone",
            "contact_name",
            "contact_phone",
            "contact_email",
            "address",
            "calendar_code",
            "sign_in_hours",
            "answer_amount",
            "answer_unit",
        )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["contact_email"].help_text = _("在这里没有账号时，协办任务的链接寄到这个邮箱")
        if not self.is_there:
            self.initial.setdefault("calendar_code", "office")


class TokenForm(SettingForm):
    """A token is somebody's: only of people whom the issuer may manage."""

    class Meta:
        model = ApiToken
        fields = ("user", "name", "expires_at")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        people = self.fields["user"]
        assert isinstance(people, forms.ModelChoiceField)
        people.label = _("以谁的身份")
        closed = rules.ADMINISTRATORS - rules.grantable(by.roles, Role.values)
        people.queryset = User.objects.active().exclude(roles__overlap=sorted(closed))
        expires = self.fields["expires_at"]
        expires.widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "form-control"}
        )
        expires.help_text = _("不填则长期有效，直到被吊销")

    def clean_expires_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["expires_at"]
        if at and at <= moment.now():
            raise forms.ValidationError(_("有效期要晚于现在"))
        return at
