"""A survey and its versions: a draft is worked on, what is published never changes (trigger)."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_english
from huiyin.ground.people.models import User
from huiyin.journey.survey.words import Metric

LONGEST_WORDS = 500  # of a greeting or a thank-you


class SurveyQuerySet(models.QuerySet["Survey"]):
    def sendable(self) -> Self:
        """Switched on, and with a version that was published."""
        published = Version.objects.filter(survey=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(published), enabled=True)


class Survey(models.Model):
    """What customers are asked; and from which score on somebody calls them."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    about = models.CharField(_("用途"), max_length=300, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)
    low_csat = models.PositiveSmallIntegerField(
        _("满意度不高于"),
        null=True,
        blank=True,
        default=2,
        validators=(MinValueValidator(1), MaxValueValidator(5)),
    )
    low_nps = models.PositiveSmallIntegerField(
        _("推荐意愿不高于"), null=True, blank=True, validators=(MaxValueValidator(10),)
    )
    low_ces = models.PositiveSmallIntegerField(
        _("省力程度不高于"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1), MaxValueValidator(7)),
    )
    call_within = models.PositiveSmallIntegerField(
        _("几小时内回电"), default=24, validators=(MinValueValidator(1), MaxValueValidator(240))
    )
    source = models.CharField(_("来源"), max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if in_english() and self.name_en else self.name_zh

    @property
    def limits(self) -> dict[str, int | None]:
        """Low from there on down, by metric; None sets none."""
        return {Metric.CSAT: self.low_csat, Metric.NPS: self.low_nps, Metric.CES: self.low_ces}

    @property
    def published(self) -> Version | None:
        """The version that is sent now: the last that was published."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()


class Version(models.Model):
    """The questions at one time. `edition` counts the edits of a draft, so that of two designers
    at once one is refused."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=list)
    greeting_zh = models.CharField(_("开头的话"), max_length=LONGEST_WORDS, blank=True)
    greeting_en = models.CharField(_("英文开头"), max_length=LONGEST_WORDS, blank=True)
    thanks_zh = models.CharField(_("结束的话"), max_length=LONGEST_WORDS, blank=True)
    thanks_en = models.CharField(_("英文结束"), max_length=LONGEST_WORDS, blank=True)
    edition = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint("survey", "number", name="survey_version_once"),
            models.UniqueConstraint("survey", condition=Q(published_at=None), name="one_draft"),
        )

    def __str__(self) -> str:
        return f"{self.survey.name} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def greeting(self) -> str:
        return (in_english() and self.greeting_en) or self.greeting_zh

    @property
    def thanks(self) -> str:
        return (in_english() and self.thanks_en) or self.thanks_zh

    def question(self, key: str) -> dict[str, Any] | None:
        return next((one for one in self.questions if one["key"] == key), None)
