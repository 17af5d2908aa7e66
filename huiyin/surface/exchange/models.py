"""Files on their way in, and what became of each of their rows."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import FactsField, SentenceField
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.exchange.permissions import can_import
from huiyin.surface.exchange.words import Outcome, State


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; managers see all. The files hold people's data in clear."""
        if not isinstance(user, User) or not can_import(user, None):
            return self.none()
        return self if user.has_role(Role.MANAGER) else self.filter(by=user)


class Import(models.Model):
    name = models.CharField(_("文件"), max_length=200)
    path = models.CharField(max_length=80)  # inside settings.IMPORTS_DIR; "" once thrown away
    size = models.PositiveBigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("导入人"))
    at = models.DateTimeField(db_index=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    mapping = models.JSONField(default=dict)  # {column: position}
    total = models.PositiveIntegerField(default=0)
    checked = FactsField(default=dict)  # {"good", "known", "bad", "remarks", "faults"}
    fault = SentenceField(blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def file(self) -> Path:
        if not self.path:
            raise Refused(_("文件已按期限删除；如需再导入，请重新上传"))
        return Path(settings.IMPORTS_DIR) / self.path

    @property
    def is_working(self) -> bool:
        return self.state in (State.CHECKING, State.RUNNING)

    def tally(self) -> dict[str, int]:
        """How many rows came to which end so far."""
        counted = self.rows.values_list("outcome").annotate(n=models.Count("pk"))
        return {**dict.fromkeys(Outcome.values, 0), **dict(counted)}


class ImportRow(models.Model):
    """What became of one row; written in the same transaction as its complaint."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")
    reason = SentenceField(blank=True)

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("line",)
        constraints = (models.UniqueConstraint("of", "line", name="row_once"),)

    def __str__(self) -> str:
        return f"{self.of_id}:{self.line} {self.outcome}"
