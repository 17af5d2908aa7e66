"""A signed link for somebody without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.cooperation.lifecycle import OPEN
from huiyin.journey.cooperation.models.tasks import Leg, Task


class LinkQuerySet(models.QuerySet["Link"]):
    def alive(self, now: datetime) -> Self:
        """May be used: neither revoked nor expired, the task still with whom it was made for."""
        return self.filter(
            revoked_at=None, expires_at__gt=now, leg__ended_at=None, task__state__in=OPEN
        )


class Link(models.Model):
    """A way for somebody without an account to answer one task. Only the token's hash is kept."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="links")
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="+", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64)  # with the house's secret it gives the token again
    name = models.CharField(_("收件人"), max_length=120)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.task_id} → {self.name}"
