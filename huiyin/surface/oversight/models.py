"""Links to a wall screen. Only the token's hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User, hashed
from huiyin.ground.people.words import Role


class WallQuerySet(models.QuerySet["Wall"]):
    def alive(self, now: datetime) -> Self:
        """Neither revoked nor expired; its maker still a manager, its team still in use."""
        made_by = models.Q(by__is_active=True, by__roles__contains=[Role.MANAGER])
        of_team = models.Q(team=None) | models.Q(team__retired_at=None)
        return self.filter(made_by, of_team, revoked_at=None, expires_at__gt=now)


class Wall(models.Model):
    """A screen on a wall: figures of a team, or of all, for whoever walks by."""

    name = models.CharField(_("放在哪里"), max_length=80)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("团队")
    )
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = WallQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, token: str, now: datetime) -> Wall | None:
        """The wall this token opens, None for every reason why it does not."""
        found = cls.objects.alive(now).filter(token_hash=hashed(token))
        return found.select_related("team", "by").first()


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)
