"""A view of one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.surface.workbench.models import OwnView

MOST_OWN = 12


class OwnViewForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A name that this person has not used yet."""

    class Meta:
        model = OwnView
        fields = ("title",)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
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
