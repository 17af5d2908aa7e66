"""Ways to make good, as data."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.remembered import Remembered
from huiyin.journey.resolution import shapes
from huiyin.journey.resolution.words import FieldType, MoneyKind, ResponseKind


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def usable(self) -> Self:
        return self.filter(retired_at=None)


class Remedy(models.Model):
    """A way to make good (facet RMD). Retired, never deleted.

    `fields` and `execution` in the shapes of `shapes.py`; `fits`: when it is proposed by itself,
    over the attributes of `fitting.py` (nothing: only when somebody chooses it).
    """

    code = models.CharField(_("代码"), max_length=10, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    needs_amount = models.BooleanField(_("需要金额"), default=False)
    days = models.PositiveSmallIntegerField(_("一般执行天数"), default=3)
    wording_zh = models.TextField(_("给客户的说法"), blank=True)
    wording_en = models.TextField(_("英文说法"), blank=True)
    response_kind = models.CharField(
        _("答复种类"), max_length=12, choices=ResponseKind.choices, blank=True
    )
    money_kind = models.CharField(
        _("金额性质"), max_length=12, choices=MoneyKind.choices, blank=True
    )
    fields = models.JSONField(_("字段"), default=list, blank=True)
    limit_fen = models.BigIntegerField(_("最高金额（分）"), null=True, blank=True)
    limit_percent = models.PositiveSmallIntegerField(
        _("最多为订单金额的百分之几"), null=True, blank=True
    )
    calculator = models.CharField(_("计算器"), max_length=20, blank=True)
    basis = models.CharField(_("常用依据"), max_length=500, blank=True)
    asked_as = models.CharField(
        _("客户怎么说"),
        max_length=200,
        blank=True,
        help_text=_("诉求里出现这些词就优先推荐，用空格分开，例如：退货 退款 退钱"),
    )
    fits = models.JSONField(_("适用条件"), null=True, blank=True)
    execution = models.JSONField(_("执行步骤"), default=list, blank=True)
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
        return in_own(self.name_zh, self.name_en)

    @property
    def gives_money(self) -> bool:
        """Whether it is nothing without a sum: its own, or in a field that has to be filled in."""
        asked = any(one["required"] and one["type"] == FieldType.MONEY for one in self.fields)
        return self.needs_amount or asked

    def wording_for(self, language: str) -> str:
        """What a customer of this language is told."""
        in_his_own = self.wording_en if language == "en" else ""
        return in_his_own or self.wording_zh or self.name_zh

    def is_asked_for(self, wanted: str) -> bool:
        """Whether the customer's demand names it: a hint, never a decision."""
        return any(word in wanted for word in (self.name_zh, *self.asked_as.split()))

    def shown(self, said: dict[str, Any], language: str = "") -> list[tuple[str, str]]:
        """An offer's own fields as label and value, in this language or the reader's."""
        return shapes.shown(self.fields, said, language or get_language() or "zh")

    def exceeds(self, amount_fen: int, order_fen: int | None) -> int | None:
        """The most this remedy allows, if the sum is above it; None when it is not."""
        bounds = [self.limit_fen] if self.limit_fen is not None else []
        if self.limit_percent is not None and order_fen is not None:
            bounds.append(order_fen * self.limit_percent // 100)
        most = min(bounds, default=None)
        return most if most is not None and amount_fen > most else None


usable_remedies = Remembered(lambda: list(Remedy.objects.usable()))
