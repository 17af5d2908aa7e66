"""Who must be visited (回访), as data."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.remembered import Remembered


class VisitRule(models.Model):
    """Of the complaints of which the condition holds, so many in a hundred are visited.

    The first rule in the order that fits decides; a complaint that fits none is not visited.
    """

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    condition = models.JSONField(_("条件"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("回访比例（%）"),
        default=100,
        validators=(MaxValueValidator(100),),
        help_text=_("100 表示必须回访，0 表示不回访；中间的按编号稳定抽样"),
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.shown_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        visit_rules.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        found = super().delete(*args, **kwargs)
        visit_rules.forget()
        return found

    @property
    def shown_name(self) -> str:
        return in_own(self.name, self.name_en)


visit_rules: Remembered[list[VisitRule]] = Remembered(
    lambda: list(VisitRule.objects.filter(enabled=True))
)
