"""The customer's yes with its proof, and links through which he answers for himself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.consent.words import Choice, How
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.resolution.models import Offer


class ConsentLinkQuerySet(models.QuerySet["ConsentLink"]):
    def alive(self, now: datetime) -> Self:
        """Neither revoked nor expired; an answered one still shows what was answered."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ConsentLink(models.Model):
    """A way for the customer to answer one round of options, once. The token itself is not kept."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="consent_links")
    round = models.PositiveSmallIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64)  # with the house's secret it gives the token again
    language = models.CharField(max_length=10, default="zh-hans")
    mailed = models.BooleanField(default=False)  # sent by us; else somebody handed it over
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Choice.choices, blank=True)
    talked_at = models.DateTimeField(null=True)  # when he asked to talk; he may still choose

    objects = ConsentLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.round}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """A yes to one option: to exactly what it said at that moment, and by what it can be proven."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="consents")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="consents")
    how = models.CharField(max_length=10, choices=How.choices)
    words = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField(max_length=40, blank=True)  # where in the recording: 03:12
    message = models.ForeignKey(
        Message, models.PROTECT, null=True, related_name="+", db_index=False
    )
    link = models.ForeignKey(
        ConsentLink, models.PROTECT, null=True, related_name="+", db_index=False
    )
    told: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawal = models.CharField(max_length=300, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "offer", condition=Q(withdrawn_at=None), name="one_standing_consent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} {self.how}"
