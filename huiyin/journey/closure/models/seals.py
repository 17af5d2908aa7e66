"""What an archived complaint was when it was sealed."""

from __future__ import annotations

from typing import Any

from django.db import models

from huiyin.journey.complaint.models import Complaint


class Seal(models.Model):
    """SHA-256 over everything that stood there. Only ever added; `check_seals` counts again.

    `tables`: by table the fields that counted, how many rows, the last id, and their own digest,
    so that a later column breaks nothing and a change can be named.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="seals")
    digest = models.CharField(max_length=64)
    tables: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("complaint", name="sealed_once"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.digest[:12]}"
