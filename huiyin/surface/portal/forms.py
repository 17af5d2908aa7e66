"""The forms of the portal: few questions, in plain words."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.web.forms import TakingForm
from huiyin.journey.intake.rules import LONGEST_TEXT
from huiyin.surface.portal.rules import MOST_FILES

ACCEPT = "image/*,video/*,audio/*,.pdf,.doc,.docx,.xls,.xlsx,.txt,.csv"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files up to the limit; what they may be the act decides."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [one for one in (data or []) if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                str(_("一次最多 %(most)s 个文件")) % {"most": MOST_FILES}, code="many"
            )
        return files


def _area(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class ComplainForm(TakingForm):
    text = forms.CharField(
        label=_("发生了什么"),
        help_text=_("什么时候、在哪里、买了什么或找了谁、结果怎样。想到什么写什么就好。"),
        max_length=LONGEST_TEXT,
        widget=_area(7, maxlength=LONGEST_TEXT),
    )
    happened_on = forms.DateField(
        label=_("哪天发生的"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    order_no = forms.CharField(
        label=_("订单号"), required=False, max_length=64, widget=forms.TextInput()
    )
    concerning = forms.CharField(
        label=_("关于哪家店、哪件商品或哪个人"), required=False, max_length=120
    )
    wanted = forms.CharField(
        label=_("您希望我们怎样处理"),
        help_text=_("例如：退款、换货、修好、道歉、赔偿、给个说法"),
        max_length=500,
        widget=_area(3, maxlength=500),
    )
    uploads = FilesField(
        label=_("照片、截图、录音或票据"),
        required=False,
        help_text=_("最多 6 个，每个 50 MB 以内"),
        widget=ManyFiles(attrs={"accept": ACCEPT}),
    )
    name = forms.CharField(
        label=_("怎么称呼您"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("手机"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("邮箱"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    anonymous = forms.BooleanField(label=_("我不留联系方式，用查询码自己看进展"), required=False)
    consent = forms.BooleanField(
        label=_("我已阅读并同意隐私声明"),
        error_messages={"required": _("请先阅读隐私声明并勾选同意，我们才能处理您的投诉")},
    )
    notice = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    key = forms.UUIDField(widget=forms.HiddenInput)
    # People never see this field; programs that fill in everything fill in this too.
    website = forms.CharField(
        required=False,
        label=_("请留空"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    STEPS = (
        ("what", _("什么事"), ("text", "happened_on", "order_no", "concerning")),
        ("wish", _("要什么"), ("wanted", "uploads")),
        ("who", _("怎么找您"), ("name", "phone", "email", "anonymous", "consent")),
    )

    def __init__(self, *args: Any, version: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.initial.setdefault("key", uuid.uuid4())
        self.initial["notice"] = version

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("website"):
            self.add_error(None, _("提交没有成功，请刷新页面后重试"))
        if said.get("consent") and said.get("notice", "") != self.version:
            self.add_error("consent", _("隐私声明刚刚更新，请重新阅读后再勾选"))
            typed = {name: value for name, value in self.data.items() if name != "consent"}
            self.data = {**typed, "notice": self.version}
        if not (said.get("phone") or said.get("email") or said.get("anonymous")):
            self.add_error(
                "phone",
                _("请留下手机或邮箱，我们好告诉您结果；不想留请勾选下面的“不留联系方式”"),
            )
        return said

    def steps(self) -> list[dict[str, Any]]:
        """The steps with their fields, and the first one that has an error open."""
        return [
            {
                "code": code,
                "title": title,
                "fields": [self[name] for name in names],
                "wrong": any(self[name].errors for name in names),
            }
            for code, title, names in self.STEPS
        ]

    @property
    def first_wrong(self) -> int:
        return next((i for i, step in enumerate(self.steps()) if step["wrong"]), 0)


class FollowForm(TakingForm):
    number = forms.CharField(
        label=_("编号"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "placeholder": "TS2026-000123",
                "autocomplete": "off",
                "autocapitalize": "characters",
            }
        ),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "placeholder": "XXXXX-XXXXX-…",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class MoreForm(TakingForm):
    text = forms.CharField(
        label=_("补充说明"), required=False, max_length=LONGEST_TEXT, widget=_area(4)
    )
    uploads = FilesField(
        label=_("照片、截图、录音或票据"),
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPT}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not (said.get("text") or "").strip() and not said.get("uploads"):
            self.add_error("text", _("请写几句，或者选择文件"))
        return said


class WordsForm(TakingForm):
    text = forms.CharField(label=_("想说的话"), required=False, max_length=2000, widget=_area(3))


class AnswerForm(TakingForm):
    """Yes or no to one offer; `offer` says which one was read."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.TypedChoiceField(
        label=_("您的决定"),
        choices=(("yes", _("同意")), ("no", _("不同意"))),
        coerce=lambda value: value == "yes",
        error_messages={"required": _("请选择同意或不同意")},
    )
    text = forms.CharField(
        label=_("哪里不合适"), required=False, max_length=300, widget=_area(2, maxlength=300)
    )


class JudgeForm(WordsForm):
    solved = forms.TypedChoiceField(
        label=_("问题解决了吗"),
        choices=(("yes", _("已解决")), ("no", _("没有解决"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择“已解决”或“没有解决”")},
    )
