"""A mailbox as it is set up. What is secret is typed in and never shown again."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.sealing import seal
from huiyin.journey.channels.mail.actions.setting_up import faults_of, filled_by
from huiyin.journey.channels.mail.models import Mailbox, Provider, Sign
from huiyin.surface.console.forms.setting import SettingForm

KEPT = gettext_lazy("已设置；留空保持不变")


def secret(label: Any, **attrs: Any) -> forms.CharField:
    """Written, never read: the page does not hold what is set."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", **attrs})
    return forms.CharField(label=label, required=False, widget=widget, max_length=4000, strip=True)


class MailboxForm(SettingForm):
    twice = gettext_lazy("已经有默认发信邮箱了，请先取消那一个")
    # field of the form → sealed field of the row
    SEALED: ClassVar[dict[str, str]] = {
        "new_secret": "secret",
        "new_client_secret": "oauth_client_secret",
        "new_dkim_key": "dkim_key",
    }

    provider = forms.ModelChoiceField(
        Provider.objects.in_use(),
        label=gettext_lazy("服务商"),
        required=False,
        help_text=gettext_lazy("选好后保存，空着的服务器连同端口、加密按它填好"),
    )
    new_secret = secret(gettext_lazy("密码、授权码或刷新令牌"))
    new_client_secret = secret(gettext_lazy("OAuth2 客户端密钥"))
    new_dkim_key = forms.CharField(
        label=gettext_lazy("DKIM 私钥（PEM）"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = (
        *("address", "name", "team", "enabled", "is_default", "provider"),
        *("login", "username", "new_secret"),
        *("imap_host", "imap_port", "imap_security", "folder", "after", "moved_to"),
        *("smtp_host", "smtp_port", "smtp_security", "plus_addressing"),
        *("oauth_authorize_url", "oauth_token_url", "oauth_client_id", "new_client_secret"),
        "oauth_scope",
        *("dkim_selector", "new_dkim_key"),
    )

    class Meta:
        model = Mailbox
        fields = (
            *("address", "name", "team", "enabled", "is_default"),
            *("imap_host", "imap_port", "imap_security", "folder", "after", "moved_to"),
            *("smtp_host", "smtp_port", "smtp_security", "plus_addressing"),
            *("login", "username", "oauth_authorize_url", "oauth_token_url"),
            *("oauth_client_id", "oauth_scope"),
            "dkim_selector",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kept in self.SEALED.items():
            if self.is_there and getattr(self.instance, kept):
                self.fields[name].help_text = str(KEPT)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if chosen := typed.get("provider"):
            typed.update(filled_by(chosen, typed, is_new=not self.is_there))
        said = {**typed, "dkim_key": typed.get("new_dkim_key")}
        for name, sentence in faults_of(said).items():
            self.add_error("new_dkim_key" if name == "dkim_key" else name, sentence)
        return typed

    def snapshot(self, row: Any) -> dict[str, str]:
        """That a secret was changed stands in the history; the secret does not."""
        told = super().snapshot(row)
        for name, kept in self.SEALED.items():
            if sealed := getattr(row, kept):
                mark = hashlib.sha256(sealed.encode()).hexdigest()[:6]
                told[str(self.fields[name].label)] = _("已设置（#%(mark)s）") % {"mark": mark}
        return told

    def save(self, commit: bool = True) -> Any:
        for name, kept in self.SEALED.items():
            if typed := self.cleaned_data.get(name):
                setattr(self.instance, kept, seal(typed))
        return super().save(commit)


class ProviderForm(SettingForm):
    twice = gettext_lazy("已经有这个服务商了")

    class Meta:
        model = Provider
        fields = (
            *("name", "imap_host", "imap_port", "imap_security"),
            *("smtp_host", "smtp_port", "smtp_security", "login"),
            *("oauth_authorize_url", "oauth_token_url", "oauth_scope"),
            *("told", "source", "version", "dated"),
        )


class SignForm(SettingForm):
    twice = gettext_lazy("已经有同样的特征了")

    class Meta:
        model = Sign
        fields = ("kind", "header", "pattern", "source", "version", "dated")

    def clean_header(self) -> str:
        return str(self.cleaned_data["header"]).strip().lower()

    def clean_pattern(self) -> str:
        """`*` alone would fit every mail there is."""
        pattern = " ".join(str(self.cleaned_data["pattern"]).split())
        if not pattern.strip("*"):
            raise forms.ValidationError(_("除 * 以外至少写一个字，否则所有邮件都符合"))
        return pattern
