"""Outside systems that tell us something, and every message of theirs as it came."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import Team
from huiyin.ground.sealing import seal, unseal
from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.complaint.models import Complaint


def new_salt() -> str:
    return secrets.token_hex(16)


class HookQuerySet(models.QuerySet["Hook"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Hook(models.Model):
    """One account at one outside system: what it is called by, its secrets, how it fares."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)  # stands in its address
    name = models.CharField(_("名称"), max_length=80)
    connector = models.CharField(_("种类"), max_length=20)  # a key of settings.CONNECTORS
    enabled = models.BooleanField(_("启用"), default=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("接手的小组")
    )
    options = models.JSONField(default=dict, blank=True)  # by the connector's fields, no secrets
    sealed = models.TextField(blank=True)  # secrets of the other side, as JSON
    # Our own secret is made from a salt; while it is being changed there are two.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    earlier_salt = models.CharField(max_length=32, blank=True, editable=False)
    earlier_until = models.DateTimeField(null=True, editable=False)
    came_ok_at = models.DateTimeField(null=True, editable=False)
    came_error = SentenceField(blank=True, editable=False)
    left_ok_at = models.DateTimeField(null=True, editable=False)
    left_error = SentenceField(blank=True, editable=False)
    left_failed_at = models.DateTimeField(null=True, editable=False)
    position = models.CharField(max_length=200, blank=True, editable=False)  # of what is polled

    objects = HookQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> dict[str, str]:
        opened = unseal(self.sealed)
        return dict(json.loads(opened)) if opened else {}

    def keep_secrets(self, **given: str) -> None:
        """Put secrets in; one that is not given stays as it is."""
        kept = {**self.secrets, **{name: one for name, one in given.items() if one}}
        self.sealed = seal(json.dumps(kept)) if kept else ""

    def keys(self, now: datetime) -> list[bytes]:
        """Every secret of our own that is valid, the newest first (Standard Webhooks)."""
        salts = [self.salt]
        if self.earlier_salt and self.earlier_until and self.earlier_until > now:
            salts.append(self.earlier_salt)
        return [_key(salt) for salt in salts]

    @property
    def secret(self) -> str:
        """As it is shown, once, to whoever sets up the other side."""
        return signing.written(_key(self.salt))


def _key(salt: str) -> bytes:
    return salted_hmac("huiyin.hook", salt, secret=settings.SECRET_KEY, algorithm="sha256").digest()


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def due(self, now: datetime) -> Self:
        """Kept, and nobody's at this moment; in the order in which they came."""
        free = Q(taken_until=None) | Q(taken_until__lte=now)
        return self.filter(free, state=ArrivalState.KEPT, next_try_at__lte=now).order_by("pk")


class Arrival(models.Model):
    """One message of an outside system, exactly as it came. Kept before it is acknowledged; what it
    means is found out from this copy, as often as need be."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="arrivals", db_index=False)
    key = models.CharField(max_length=160)  # what the other side calls it
    raw = models.BinaryField()
    facts = models.JSONField(default=dict)  # of the request: query, the headers a connector needs
    received_at = models.DateTimeField(_("时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ArrivalState.choices, default=ArrivalState.KEPT
    )
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    outcome = SentenceField(_("结果"), blank=True)
    error = SentenceField(_("说明"), blank=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("hook", "key", name="arrival_once"),)
        indexes = (
            models.Index(fields=["next_try_at"], condition=Q(state="kept"), name="arrivals_due"),
            models.Index(fields=["-received_at", "-id"], name="arrivals_by_moment"),
            models.Index(fields=["hook", "-received_at", "-id"], name="arrivals_of_hook_by_moment"),
            models.Index(
                fields=["-received_at", "-id"],
                condition=Q(state="failed"),
                name="arrivals_failed_by_moment",
            ),
            models.Index(fields=["key"], opclasses=["varchar_pattern_ops"], name="arrivals_by_key"),
        )

    def __str__(self) -> str:
        return f"{self.hook_id} {self.key}"

    @property
    def data(self) -> Any:
        """The body as JSON; raises ValueError when it is none."""
        return json.loads(bytes(self.raw).decode("utf-8"))


class Used(models.Model):
    """A signature that does not cover its body, and which body it came with first."""

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "used"
        constraints = (models.UniqueConstraint("hook", "name", name="used_once"),)

    def __str__(self) -> str:
        return self.name
