"""Options that somebody is still writing, and how complaints ended, found by their kind."""

from __future__ import annotations

from django.db import models

from huiyin.ground.people.models import User
from huiyin.journey.closure.models import Closing
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.models import Remedy


class Composing(models.Model):
    """A round of options that is not proposed yet. It outlives the browser; its writer's alone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="+", db_index=False)
    content = models.JSONField(default=dict)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint("complaint", "user", name="one_composing_a_person"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.complaint_id}"


class Precedent(models.Model):
    """How one complaint ended, under its category and the two above, so that each finds its last.

    What was decided stands in the closing; here is only what the search goes by.
    """

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="+")
    closing = models.ForeignKey(Closing, models.CASCADE, related_name="+", db_index=False)
    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="+", db_index=False)
    amount_fen = models.BigIntegerField(default=0)
    level1 = models.CharField(max_length=20)
    level2 = models.CharField(max_length=20)
    level3 = models.CharField(max_length=20)
    ended_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["level1", "-ended_at"], name="precedents_of_kind"),
            models.Index(fields=["level2", "-ended_at"], name="precedents_of_group"),
            models.Index(fields=["level3", "-ended_at"], name="precedents_of_category"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.remedy_id}"
