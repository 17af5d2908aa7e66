"""Visits at the counter: what was said there, read over, and signed."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.counter.words import Signed, WalkinState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence


class WalkinQuerySet(models.QuerySet["Walkin"]):
    def of(self, user: User) -> Self:
        """A visit that is not finished is its clerk's alone."""
        return self.filter(by=user)

    def begun(self) -> Self:
        return self.filter(state__in=(WalkinState.DRAFT, WalkinState.SHOWN))

    def visible_to(self, user: User) -> Self:
        """One's own, and those whose complaint one sees."""
        return self.filter(Q(by=user) | Q(complaint__in=Complaint.objects.visible_to(user)))


class Walkin(models.Model):
    """One visit (到店). Begun on a tablet, it survives the tablet; signed, it is never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(
        _("状态"), max_length=8, choices=WalkinState.choices, default=WalkinState.DRAFT
    )
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)  # of the content that the customer read
    privacy_version = models.CharField(max_length=20, blank=True)
    shown_at = models.DateTimeField(null=True)
    signed = models.CharField(max_length=8, choices=Signed.choices, blank=True)
    signed_name = models.CharField(max_length=80, blank=True)
    strokes: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    signed_at = models.DateTimeField(null=True)
    complaint = models.OneToOneField(Complaint, models.PROTECT, null=True, related_name="walkin")
    form = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = WalkinQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["by", "-id"],
                condition=Q(state__in=("draft", "shown")),
                name="walkins_begun",
            ),
            models.Index(fields=["state", "-id"], name="walkins_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.by_id} {self.key}"

    @property
    def is_begun(self) -> bool:
        return self.state in (WalkinState.DRAFT, WalkinState.SHOWN)
