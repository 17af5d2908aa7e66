"""What is typed when a survey is made, a question written, its settings changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.ground.conditions.forms import ConditionField
from huiyin.ground.language import in_english
from huiyin.ground.people.forms import dress
from huiyin.ground.web.forms import TakingForm
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import Survey
from huiyin.journey.survey.models.designs import LONGEST_WORDS
from huiyin.journey.survey.words import Ask, Look

BETWEEN = "|"  # the two languages of an option on one line


class SurveyForm(TakingForm):
    code = forms.SlugField(
        label=_("代码"), max_length=40, help_text=_("小写字母、数字和短横线，例如 after-repair")
    )
    name_zh = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    about = forms.CharField(label=_("用途"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class SettingsForm(TakingForm, forms.ModelForm):  # type: ignore[type-arg]
    """Name, whether it is sent, and from which score on somebody calls."""

    class Meta:
        model = Survey
        fields = (
            *("name_zh", "name_en", "about", "enabled"),
            *("low_csat", "low_nps", "low_ces", "call_within"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class WordsForm(TakingForm):
    """What stands before and after the questions."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    greeting_zh = forms.CharField(
        label=_("开头的话"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea
    )
    greeting_en = forms.CharField(
        label=_("英文开头"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea
    )
    thanks_zh = forms.CharField(
        label=_("结束的话"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea
    )
    thanks_en = forms.CharField(
        label=_("英文结束"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("rows", 2)
        dress(self)


class QuestionForm(TakingForm):
    """One question. Options and rows are lines: Chinese, and behind a bar the English."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    ask = forms.ChoiceField(label=_("题型"), choices=Ask.choices)
    title_zh = forms.CharField(label=_("问题"), max_length=200)
    title_en = forms.CharField(label=_("英文问题"), max_length=200, required=False)
    help_zh = forms.CharField(label=_("说明"), max_length=300, required=False)
    help_en = forms.CharField(label=_("英文说明"), max_length=300, required=False)
    required = forms.BooleanField(label=_("必答"), required=False)
    look = forms.ChoiceField(label=_("样子"), choices=Look.choices, required=False)
    options = forms.CharField(
        label=_("选项"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一项；英文写在竖线后面，例如：太慢 | Too slow"),
    )
    rows = forms.CharField(
        label=_("评分的各行"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一项；英文写在竖线后面，例如：响应速度 | Speed"),
    )

    def __init__(self, *args: Any, before: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if before:
            self.fields["when"] = ConditionField(
                lambda: rules.attributes(before, in_english()),
                label=_("什么时候显示"),
                required=False,
                help_text=_("没有条件表示总是显示；只能问前面的题"),
            )
        dress(self)

    def question(self, key: str, kept: Mapping[str, Any] | None) -> dict[str, Any]:
        """What was typed as a question; options keep their keys where their words stayed."""
        said = self.cleaned_data
        names = ("ask", "title_zh", "title_en", "help_zh", "help_en", "required", "look")
        made = {"key": key, **{name: said[name] for name in names}}
        made["options"] = _named(said["options"], (kept or {}).get("options", ()))
        made["rows"] = _named(said["rows"], (kept or {}).get("rows", ()))
        made["when"] = said.get("when")
        return made


def _named(typed: str, kept: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    known = {one["zh"]: one["key"] for one in kept}
    found = []
    for line in typed.splitlines():
        zh, _bar, en = line.partition(BETWEEN)
        zh = " ".join(zh.split())
        if zh:
            found.append({"key": known.get(zh, ""), "zh": zh, "en": " ".join(en.split())})
    return found


def typed_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as its form begins."""

    def lines(named: Sequence[Mapping[str, str]]) -> str:
        return "\n".join(
            f"{one['zh']} {BETWEEN} {one['en']}" if one["en"] else one["zh"] for one in named
        )

    return {
        **{name: question.get(name, "") for name in ("ask", "title_zh", "title_en")},
        **{name: question.get(name, "") for name in ("help_zh", "help_en", "look", "when")},
        "required": question.get("required", False),
        "options": lines(question.get("options", ())),
        "rows": lines(question.get("rows", ())),
    }
