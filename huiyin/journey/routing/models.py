"""Routes, and who had a complaint when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.words import How, Post


class Route(models.Model):
    """Complaints of these categories go to this team. The longest prefix wins."""

    category_prefix = models.CharField(_("类别前缀"), max_length=20, unique=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("小组"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ("category_prefix",)

    def __str__(self) -> str:
        return f"{self.category_prefix or '*'} → {self.team}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Assignment(models.Model):
    """A team, perhaps a person, had this complaint from then until then."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, related_name="assignments")
    how = models.CharField(max_length=10, choices=How.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "complaint", condition=models.Q(ended_at=None), name="one_has_it"
            ),
        )
        indexes = (models.Index(fields=["assignee", "-at"], name="given_last"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} → {self.assignee or self.team}"


class Urging(models.Model):
    """Somebody asked to hurry (催办)."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="urgings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_customer = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, now: datetime) -> Self:
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class DutyShift(models.Model):
    """Who is on duty (值班) at a post from then until then: of one team, or of the whole house."""

    post = models.CharField(_("岗位"), max_length=12, choices=Post.choices)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("小组")
    )
    person = models.ForeignKey(
        User, models.CASCADE, related_name="duty_shifts", verbose_name=_("值班人")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_forwards"),
        )
        indexes = (models.Index(fields=["ends_at", "post"], name="shift_by_end"),)

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.person}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": gettext("结束要晚于开始")})
