"""What else somebody can do whose claim we do not accept: ways inside and outside, as data."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import User
from huiyin.journey.closure.words import WayKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Message


class Way(models.Model):
    """One way: a review by ourselves, 12315, mediation, arbitration, the court, a regulator."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    kind = models.CharField(_("途径"), max_length=12, choices=WayKind.choices)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    text_zh = models.TextField(_("怎样办理"), max_length=600)
    text_en = models.TextField(_("英文说明"), max_length=800, blank=True)
    condition = models.JSONField(
        _("条件"), null=True, blank=True, help_text=_("没有条件表示所有投诉都告知")
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    source = models.CharField(_("来源"), max_length=160, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)

    @property
    def text(self) -> str:
        return in_own(self.text_zh, self.text_en)


class Telling(models.Model):
    """The letter that said no and where else to turn, as it was sent. Only ever added."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="tellings", db_index=True)
    reason = models.TextField(_("不支持的理由"))
    basis = models.CharField(_("依据"), max_length=500, blank=True)
    # [{"code", "kind", "name", "text", "source"}]: as they were told, whatever becomes of the rows
    ways: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    refused = models.BooleanField(default=False)  # it ended the work: the claim is not accepted
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"
