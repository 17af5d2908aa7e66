"""Who had a complaint when, and who asked to hurry."""

from __future__ import annotations

from typing import Self

from django.db import models

from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.routing.words import How


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
    # What it was like when it was given: rotation and fairness count by these.
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True)
    angry = models.BooleanField(default=False)
    why = models.JSONField(default=list)  # rules.Reason, in words by why.py
    let_in = models.BooleanField(default=False)  # the giver sees it until it is signed for
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
