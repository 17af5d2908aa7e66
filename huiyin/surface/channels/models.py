"""Who tried which channel, and what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import User


class Trial(models.Model):
    """One try of one row (测试). While it lasts it has no end, and nobody else tries the same."""

    key = models.CharField(max_length=60)  # of the row: `Health.key`
    name = models.CharField(_("渠道"), max_length=200)  # what it was called then
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("测试人")
    )
    at = models.DateTimeField(_("时间"))
    ended_at = models.DateTimeField(null=True)
    well = models.BooleanField(_("结果"), default=False)
    words = SentenceField(_("说明"), blank=True)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "key", condition=Q(ended_at__isnull=True), name="one_trial_at_a_time"
            ),
        )
        indexes = (models.Index(fields=["key", "-id"], name="trials_of_key"),)

    def __str__(self) -> str:
        return f"{self.key} {self.well}"

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.at).total_seconds() if self.ended_at else 0.0
