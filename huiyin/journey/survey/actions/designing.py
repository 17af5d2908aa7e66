"""Making a survey, working on its draft, publishing it. What is published is never touched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.conversation.actions import said
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import Survey, Version
from huiyin.journey.survey.models.designs import LONGEST_WORDS
from huiyin.journey.survey.permissions import can_design

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
CHANGEABLE = (
    *("name_zh", "name_en", "about", "enabled"),
    *("low_csat", "low_nps", "low_ces", "call_within"),
)


@dataclass(frozen=True)
class Words:
    """What stands before and after the questions."""

    greeting_zh: str = ""
    greeting_en: str = ""
    thanks_zh: str = ""
    thanks_en: str = ""

    @classmethod
    def of(cls, version: Version) -> Words:
        return cls(version.greeting_zh, version.greeting_en, version.thanks_zh, version.thanks_en)

    def checked(self) -> dict[str, str]:
        return {
            name: said(value, name=name, most=LONGEST_WORDS) for name, value in vars(self).items()
        }


@transaction.atomic
def create(*, by: User, code: str, name_zh: str, name_en: str = "", about: str = "") -> Survey:
    """A new survey with an empty draft; nothing is sent before it is published."""
    can_design.require(by, None)
    if not CODE.fullmatch(code):
        sentence = _("代码用小写字母、数字和短横线，以字母开头，例如 after-repair")
        raise Invalid(sentence, code=sentence)
    name_zh = said(name_zh, name="name_zh", most=80, missing=_("请给问卷起个名称"))
    now = moment.now()
    try:
        with transaction.atomic():
            survey = Survey.objects.create(
                code=code,
                name_zh=name_zh,
                name_en=said(name_en, name="name_en", most=80),
                about=said(about, name="about", most=300),
                by=by,
                at=now,
            )
    except IntegrityError as error:
        sentence = _("已经有这个代码的问卷了，请换一个")
        raise Invalid(sentence, code=sentence) from error
    Version.objects.create(survey=survey, number=1, by=by, at=now)
    return survey


@transaction.atomic
def change(survey: Survey, *, by: User, **fields: Any) -> Survey:
    """Its name, whether it is sent, and from which score on somebody calls."""
    can_design.require(by, survey)
    if unknown := set(fields) - set(CHANGEABLE):
        raise TypeError(f"not to be changed: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(survey, name, value)
    try:
        survey.clean_fields(exclude=["by", "at", "code"])
    except ValidationError as wrong:
        faults = {name: " ".join(texts) for name, texts in wrong.message_dict.items()}
        raise Invalid(next(iter(faults.values())), **faults) from wrong
    survey.save(update_fields=list(fields))
    return survey


@transaction.atomic
def draft_of(survey: Survey, *, by: User) -> Version:
    """The draft; where there is none, one that begins as the published version stands."""
    can_design.require(by, survey)
    Survey.objects.select_for_update().get(pk=survey.pk)
    draft: Version | None = survey.versions.filter(published_at=None).first()
    if draft is not None:
        return draft
    last = survey.versions.order_by("-number").first()
    made = Version(survey=survey, number=last.number + 1 if last else 1, by=by, at=moment.now())
    if last is not None:
        made.questions = last.questions
        for name, value in vars(Words.of(last)).items():
            setattr(made, name, value)
    made.save()
    return made


@transaction.atomic
def put(
    version: Version,
    *,
    by: User,
    edition: int,
    questions: Sequence[Mapping[str, Any]] | None = None,
    words: Words | None = None,
) -> Version:
    """Write the draft anew, if it is still as it was seen (`edition`): of two, one is refused."""
    can_design.require(by, version.survey)
    _is_draft(version)
    fields: dict[str, Any] = {"edition": edition + 1, "by": by, "at": moment.now()}
    if questions is not None:
        fields["questions"] = _checked(list(questions))
    if words is not None:
        fields |= words.checked()
    same = Version.objects.filter(pk=version.pk, edition=edition, published_at=None)
    if not same.update(**fields):
        raise Refused(_("这份草稿刚刚被别人改过，请刷新后再改；您的修改没有保存"))
    for name, value in fields.items():
        setattr(version, name, value)
    return version


def _checked(questions: list[Any]) -> list[dict[str, Any]]:
    try:
        return rules.checked(questions)
    except rules.Wrong as wrong:
        raise Invalid(str(wrong), questions=str(wrong)) from wrong


@transaction.atomic
def publish(version: Version, *, by: User, edition: int) -> Version:
    """From now on this version is sent; it never changes again. What is answered stays with the
    version that was asked."""
    can_design.require(by, version.survey)
    _is_draft(version)
    questions = _checked(version.questions)
    try:
        rules.publishable(questions)
    except rules.Wrong as wrong:
        raise Invalid(str(wrong), questions=str(wrong)) from wrong
    now = moment.now()
    same = Version.objects.filter(pk=version.pk, edition=edition, published_at=None)
    if not same.update(published_at=now, published_by=by):
        raise Refused(_("这份草稿刚刚被别人改过或发布了，请刷新后核对再发布"))
    version.published_at, version.published_by = now, by
    return version


def _is_draft(version: Version) -> None:
    if not version.is_draft:
        raise Refused(_("已发布的版本不能修改；请在新的草稿里改，再发布新版本"))
