"""What is kept of a customer, as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.customers.words import Care, Level, Preferred
from huiyin.ground.people.forms import dress
from huiyin.ground.web.forms import TakingForm


class DescriptionForm(TakingForm):
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Level.choices)
    care = forms.MultipleChoiceField(
        label=gettext_lazy("关怀"),
        choices=Care.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=gettext_lazy("语言"), required=False)
    preferred = forms.ChoiceField(
        label=gettext_lazy("希望的答复方式"),
        required=False,
        help_text=gettext_lazy("回复时先选这种方式；用不了时再用来时的渠道"),
    )
    note = forms.CharField(
        label=gettext_lazy("备注"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("只写方便沟通的事，如“下午 3 点后方便接电话”；不评价人"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, may_set_level: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("未说明")), *settings.LANGUAGES]
        preferred = self.fields["preferred"]
        assert isinstance(preferred, forms.ChoiceField)
        preferred.choices = [("", _("未说明")), *Preferred.choices]
        self.fields["level"].disabled = not may_set_level
        dress(self)


class ContactForm(TakingForm):
    name = forms.CharField(label=gettext_lazy("称呼"), required=False, max_length=80)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=gettext_lazy("邮箱"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=gettext_lazy("通信地址"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, has_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_name:
            del self.fields["name"]
        dress(self)
