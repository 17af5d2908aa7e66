"""Signing in, and what a person sets about himself."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people import actions, rules
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused

THEMES = (
    ("", gettext_lazy("跟随系统")),
    ("light", gettext_lazy("浅色")),
    ("dark", gettext_lazy("深色")),
)


def dress(form: forms.BaseForm) -> None:
    """Give each control the frame's look."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.Select):
            widget.attrs.setdefault("class", "form-select")
        elif isinstance(widget, forms.CheckboxInput):
            widget.attrs.setdefault("class", "form-check-input")
        elif isinstance(widget, forms.widgets.Input | forms.Textarea) and not widget.is_hidden:
            widget.attrs.setdefault("class", "form-control")


class SignInForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    # Longer passwords reach the action, which refuses them unhashed like any wrong one.
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, address: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.user: User | None = None
        self.status = 422  # of the answer, should the sign-in be refused
        dress(self)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors:
            return typed
        try:
            self.user = actions.sign_in(typed["username"], typed["password"], address=self.address)
        except Refused as refused:
            self.status = refused.status_code
            raise forms.ValidationError(str(refused.sentence)) from refused
        return typed


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=gettext_lazy("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        help_text=gettext_lazy("至少 8 个字符；一句容易记住的话，比一个复杂的词更好"),
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "minlength": rules.MIN_PASSWORD}
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        dress(self)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors:
            return typed
        if typed["new"] != typed["again"]:
            self.add_error("again", _("两次输入的新密码不一致，请重新输入"))
            return typed
        try:
            actions.change_password(self.user, old=typed["old"], new=typed["new"])
        except Refused as refused:
            for name, sentence in refused.fields.items() or [(None, refused.sentence)]:
                self.add_error(name, str(sentence))
        return typed


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=gettext_lazy("语言"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("外观"), required=False, choices=THEMES)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["name", "email", "language", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("中文（默认）")), *settings.LANGUAGES]
        dress(self)
