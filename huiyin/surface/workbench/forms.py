"""A view of one's own, perhaps shared with a team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.surface.workbench.models import OwnView

MOST_OWN = 12


def teams_to_share_with(user: User, teams: Iterable[Team]) -> list[Team]:
    """Whom one leads: managers everybody, leads and supervisors their own teams."""
    if user.has_role(Role.MANAGER):
        return list(teams)
    if user.has_role(Role.LEAD, Role.SUPERVISOR):
        return [team for team in teams if team.pk in user.team_ids]
    return []


class OwnViewForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A name that this person has not used yet. Not `team`: so is a filter called."""

    shared_with = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("只有组长、主管和经理可以把视图共享给本组")},
    )

    class Meta:
        model = OwnView
        fields = ("title",)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        shared = self.fields["shared_with"]
        assert isinstance(shared, forms.ModelChoiceField)
        in_use = Team.objects.filter(retired_at=None)
        mine = [team.pk for team in teams_to_share_with(user, in_use)]
        shared.queryset = in_use.filter(pk__in=mine)
        self.fields["title"].error_messages["required"] = _("请给视图起个名字")
        self.fields["title"].error_messages["max_length"] = _("名称最多 20 个字，请缩短一些")

    def clean_title(self) -> str:
        title = " ".join(str(self.cleaned_data["title"]).split())
        others = OwnView.objects.filter(user=self.user).exclude(pk=self.instance.pk)
        if others.filter(title=title).exists():
            raise forms.ValidationError(_("您已经有一个叫这个名字的视图，请换一个名字"))
        if self.instance.pk is None and others.count() >= MOST_OWN:
            raise forms.ValidationError(
                _("最多保存 %(most)s 个视图，请先删除不用的") % {"most": MOST_OWN}
            )
        return title

    def save(self, commit: bool = True) -> Any:
        self.instance.team = self.cleaned_data["shared_with"]
        return super().save(commit)
