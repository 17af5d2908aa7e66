"""Who changed which setting, from what to what. Rows are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.surface.console.words import Did


class ConfigChange(models.Model):
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("操作人"))
    section = models.CharField(_("栏目"), max_length=40)
    subject_id = models.CharField(max_length=64)
    subject = models.CharField(_("对象"), max_length=200)  # its name at that time
    did = models.CharField(_("动作"), max_length=10, choices=Did.choices)
    # [{"field": "姓名", "before": "…", "after": "…"}], as shown to people, without secrets
    changes = models.JSONField(_("内容"), default=list)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering: ClassVar[tuple[str, ...]] = ("-pk",)
        indexes = (
            models.Index(fields=["section", "subject_id", "-id"], name="configchange_subject"),
        )

    def __str__(self) -> str:
        return f"{self.section} {self.subject} {self.did}"
