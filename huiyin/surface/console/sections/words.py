"""What the rules of triage listen for, and how they count it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.journey.triage.words import Emotion, Part
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.words import PointForm, RiskPhraseForm, group_choices
from huiyin.surface.console.section import Column, Filter, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def group_filter() -> Filter:
    return Filter("group", _("风险组"), group_choices, lambda value: Q(group=value))


SECTIONS: tuple[Section, ...] = (
    Section(
        name="points",
        group=Group.SORTING,
        icon="gauge",
        title=_("严重度评分"),
        one=_("评分"),
        about=_("哪些情形加几分、多少分算几级、哪些至少几级"),
        model_name="triage.SeverityPoint",
        columns=(
            Column("shown_label", _("情形"), "strong"),
            Column("part", _("部分"), "state"),
            Column("points", _("分值"), "number"),
            Column("threshold", _("阈值"), "number"),
            Column("key", _("键"), "code"),
        ),
        form=PointForm,
        search=("label", "label_en", "key"),
        filters=(
            of_choices("part", _("部分"), Part.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("part", "key"),
        per_page=200,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        may_add=False,
        retires="enabled",
        aside="console/aside/trial.html",
        list_template="console/words.html",
        empty=_("没有评分；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="risk-phrases",
        group=Group.SORTING,
        icon="shield-alert",
        title=_("风险词语"),
        one=_("词语"),
        about=_("哪些说法表示人身安全、泄露、曝光等风险，哪些不算"),
        model_name="triage.RiskPhrase",
        columns=(
            Column("pattern", _("词语"), "strong"),
            Column("group_label", _("风险组")),
            Column("weight", _("强度"), "state"),
        ),
        form=RiskPhraseForm,
        search=("pattern",),
        filters=(
            group_filter(),
            in_use_or_not(field="enabled"),
        ),
        order=("group", "pattern"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        aside="console/aside/trial.html",
        list_template="console/words.html",
        empty=_("没有词语；请运行 dev.py manage load_reference 装入"),
    ),
    Section(
        name="emotion-words",
        group=Group.SORTING,
        icon="angry",
        title=_("情绪词语"),
        one=_("词语"),
        about=_("哪些字眼表示哪种情绪，有多强"),
        model_name="triage.EmotionWord",
        columns=(
            Column("word", _("词语"), "strong"),
            Column("emotion", _("情绪"), "state"),
            Column("strength", _("强度"), "number"),
        ),
        fields=("word", "emotion", "strength"),
        search=("word",),
        filters=(
            of_choices("emotion", _("情绪"), Emotion.choices),
            in_use_or_not(field="enabled"),
        ),
        order=("emotion", "-strength", "word"),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="enabled",
        aside="console/aside/trial.html",
        list_template="console/words.html",
        empty=_("没有词语；请运行 dev.py manage load_reference 装入"),
    ),
)
