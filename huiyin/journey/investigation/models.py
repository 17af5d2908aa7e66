"""Findings. Several may follow each other; the last one counts."""

from __future__ import annotations

from django.db import models

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation.words import Cause, Liability


class Finding(models.Model):
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    facts = models.TextField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    liability = models.CharField(max_length=10, choices=Liability.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.cause} {self.liability}"
