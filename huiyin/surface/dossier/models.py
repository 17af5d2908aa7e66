"""Who printed what, when, and whether the customer's data stood in it unmasked."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.dossier.words import Paper, State


class PrintingQuerySet(models.QuerySet["Printing"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """His own, of complaints that he still sees."""
        if not isinstance(user, User):
            return self.none()
        seen = Complaint.objects.visible_to(user)
        return self.filter(by=user, complaint__in=seen.values("pk"))


class Printing(models.Model):
    """One print. The row stays; the file goes after a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="printings")
    paper = models.CharField(_("内容"), max_length=10, choices=Paper.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    revealed = models.BooleanField(_("客户资料未遮盖"), default=False)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    lines = models.PositiveIntegerField(default=0)  # of the story, for the progress
    percent = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(_("页数"), default=0)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("打印人"))
    at = models.DateTimeField(_("时间"))
    ready_at = models.DateTimeField(null=True)

    objects = PrintingQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["at"], name="printings_by_time"),
            models.Index(
                fields=["ready_at"], condition=models.Q(state="ready"), name="prints_to_clear"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.paper} {self.at}"

    @property
    def file_name(self) -> str:
        kind = "txt" if self.paper == Paper.TEXT else "pdf"
        return f"{self.complaint.number}-{self.paper}.{kind}"

    @property
    def media_type(self) -> str:
        return "text/plain; charset=utf-8" if self.paper == Paper.TEXT else "application/pdf"

    @property
    def is_working(self) -> bool:
        return self.state in (State.WAITING, State.WORKING)
