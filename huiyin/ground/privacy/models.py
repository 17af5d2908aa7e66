"""Who looked at what behind the mask, and which notice a person was shown."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.language import in_own
from huiyin.ground.people.models import User


class Reveal(models.Model):
    """One look behind the mask. Rows are only ever added."""

    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("查看人"))
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("客户"))
    what = models.CharField(_("内容"), max_length=40)
    reason = models.CharField(_("理由"), max_length=200)
    complaint_number = models.CharField(_("投诉编号"), max_length=20, blank=True)
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.by} {self.what} {self.at}"


class Export(models.Model):
    """A list that somebody took out of the house, and why. Rows are only ever added."""

    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("导出人"))
    kind = models.CharField(_("格式"), max_length=10)
    asked = models.JSONField(_("条件"), default=dict)
    rows = models.PositiveIntegerField(_("条数"))
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.by} {self.rows} {self.at}"

    @property
    def asked_words(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.asked.items())


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    def current(self, now: datetime) -> PrivacyNotice | None:
        return self.filter(valid_from__lte=now).order_by("-valid_from", "-pk").first()


class PrivacyNotice(models.Model):
    """What people are told before they tell us (PIPL 17): a version is never edited."""

    version = models.CharField(_("版本"), max_length=20, unique=True)
    text_zh = models.TextField(_("中文"))
    text_en = models.TextField(_("英文"), blank=True)
    valid_from = models.DateTimeField(_("生效时间"))

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from",)

    def __str__(self) -> str:
        return self.version

    @property
    def text(self) -> str:
        return in_own(self.text_zh, self.text_en)
