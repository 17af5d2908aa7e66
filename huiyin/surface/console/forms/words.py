"""Forms of words: what the rules listen for, and what customers are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.journey.triage.models import RiskPhrase, SeverityPoint, group_label
from huiyin.journey.triage.words import CONDUCT, Part, Risk
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.notices.models import LetterTemplate, Phrase
from huiyin.surface.notices.rules import PHRASE_PLACEHOLDERS, PLACEHOLDERS, unknown_placeholders

GROUPS = (*Risk.values, CONDUCT)


def group_choices() -> list[tuple[str, str]]:
    """Every group, then what must not be taken for one of it."""
    plain = [(group, group_label(group)) for group in GROUPS]
    masks = [(f"mask:{group}", _("不算：%(group)s") % {"group": said}) for group, said in plain]
    return plain + masks


class RiskPhraseForm(SettingForm):
    group = forms.ChoiceField(
        label=gettext_lazy("风险组"),
        choices=group_choices,
        help_text=gettext_lazy("“不算”里的词语出现时，不当作这一组的证据"),
    )
    twice = gettext_lazy("这个风险组里已经有这个词语了")

    class Meta:
        model = RiskPhrase
        fields = ("group", "pattern", "weight")
        help_texts = {
            "pattern": gettext_lazy("用“…”表示中间可隔几个字，用“/”隔开同义词，如 要/打算…曝光")
        }


class PointForm(SettingForm):
    """A row of the severity table; its key and part belong to the rules and stay."""

    class Meta:
        model = SeverityPoint
        fields = ("label", "label_en", "points", "threshold", "source")

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if self.instance.part == Part.FLOOR and not 1 <= points <= 4:
            raise forms.ValidationError(_("底线填 1 到 4：1 表示至少 S1"))
        if points > 100:
            raise forms.ValidationError(_("分值最多 100"))
        return points


class TemplateForm(SettingForm):
    """A letter's words. Placeholders come from a fixed table; others are named and refused."""

    class Meta:
        model = LetterTemplate
        fields = ("name", "subject_zh", "body_zh", "subject_en", "body_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("body_zh", "body_en"):
            self.fields[name].widget.attrs["rows"] = 10

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name in ("subject_zh", "body_zh", "subject_en", "body_en"):
            refuse_unknown(self, name, typed.get(name, ""), PLACEHOLDERS)
        return typed


class PhraseForm(SettingForm):
    class Meta:
        model = Phrase
        fields = ("title", "category_prefix", "text_zh", "text_en", "position")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name in ("text_zh", "text_en"):
            refuse_unknown(self, name, typed.get(name, ""), PHRASE_PLACEHOLDERS)
        return typed


def refuse_unknown(form: SettingForm, name: str, text: str, known: tuple[str, ...]) -> None:
    if unknown := unknown_placeholders(text, known):
        form.add_error(
            name,
            _("没有这样的占位符：%(unknown)s。可以用 %(known)s")
            % {
                "unknown": "、".join(f"{{{one}}}" for one in unknown),
                "known": "、".join(f"{{{one}}}" for one in known),
            },
        )
