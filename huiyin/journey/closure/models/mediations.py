"""Mediation: who brings the two sides together, since when, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import User
from huiyin.journey.closure.words import MediationOutcome, MediatorKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence


class Mediator(models.Model):
    """A body that mediates, and within how many days it has to come to an end."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=12, choices=MediatorKind.choices)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    days = models.PositiveSmallIntegerField(
        _("调解期限（自然日）"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1),),
        help_text=_("从受理调解的日子算起；没有规定的留空"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    source = models.CharField(_("来源"), max_length=160, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)


class Mediation(models.Model):
    """It was begun: by whom, when, under which number. Only ever added, as is its end."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="mediations")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="+")
    body = models.CharField(_("调解机构"), max_length=80)  # the office itself, as it calls itself
    reference = models.CharField(_("案号"), max_length=60, blank=True)
    begun_on = models.DateField(_("开始日期"))
    days = models.PositiveSmallIntegerField(null=True)  # of the mediator, as it was then
    note = models.CharField(_("说明"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.body}"

    @property
    def due_on(self) -> date | None:
        """By when the body has to end it, where a term is given."""
        return self.begun_on + timedelta(days=self.days) if self.days else None

    @property
    def outcome(self) -> MediationEnd | None:
        return getattr(self, "end", None)


class MediationEnd(models.Model):
    """What came of it; `owes`: an agreement under which we still have something to do."""

    mediation = models.OneToOneField(Mediation, models.PROTECT, related_name="end")
    outcome = models.CharField(_("结果"), max_length=10, choices=MediationOutcome.choices)
    ended_on = models.DateField(_("结束日期"))
    words = models.TextField(_("协议内容或原因"))
    owes = models.BooleanField(_("我方还要履行"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.outcome}"


class MediationPaper(models.Model):
    """A paper of it among the evidence: the notice it began with, or the agreement."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="papers")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("mediation", "evidence", name="one_paper_once"),)

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.evidence_id}"
