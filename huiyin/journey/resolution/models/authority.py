"""How much who may decide, as data."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.words import Role
from huiyin.ground.remembered import Remembered


class AuthorityLimit(models.Model):
    """How much a role may decide (domain §6.6, product default: confirm before use)."""

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices, unique=True)
    per_case_fen = models.BigIntegerField(_("每件上限（分）"), null=True, blank=True)
    monthly_fen = models.BigIntegerField(_("每月上限（分）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        ordering = ("per_case_fen",)

    def __str__(self) -> str:
        return str(self.get_role_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        authority_limits.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        authority_limits.forget()
        return done


authority_limits = Remembered(lambda: list(AuthorityLimit.objects.all()))
