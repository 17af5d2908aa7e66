"""Routes, and who had a complaint when."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.words import How


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
