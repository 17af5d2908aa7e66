"""Ways to make good, as data."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.ground.remembered import Remembered


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def usable(self) -> Self:
        return self.filter(retired_at=None)


class Remedy(models.Model):
    """A way to make good (facet RMD). Retired, never deleted."""

    code = models.CharField(_("代码"), max_length=10, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    needs_amount = models.BooleanField(_("需要金额"), default=False)
    days = models.PositiveSmallIntegerField(_("一般执行天数"), default=3)
    wording_zh = models.TextField(_("给客户的说法"), blank=True)
    wording_en = models.TextField(_("英文说法"), blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RemedyQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "remedies"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        usable_remedies.forget()

    @property
    def name(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name_zh

    def wording_for(self, language: str) -> str:
        """What a customer of this language is told."""
        in_his_own = self.wording_en if language == "en" else ""
        return in_his_own or self.wording_zh or self.name_zh


usable_remedies = Remembered(lambda: list(Remedy.objects.usable()))
