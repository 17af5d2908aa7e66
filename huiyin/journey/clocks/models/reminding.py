"""Ladders (提醒阶梯): who is told how far along a clock is, as data."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models.memory import forget
from huiyin.journey.clocks.models.policies import LONGEST
from huiyin.journey.clocks.words import ClockKind, Measure, Receiver, RungKind


def every() -> dict[str, Any]:
    """The condition that holds of every complaint."""
    return {"all": []}


class Ladder(models.Model):
    """Who is told how far along a clock is: the first that fits a clock is the one it climbs."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    kinds = ArrayField(
        models.CharField(max_length=16, choices=ClockKind.choices),
        verbose_name=_("用于哪些时限"),
        default=list,
        blank=True,
        help_text=_("留空：投诉自己的各种时限；部门任务和督办的时限要选上"),
    )
    policies = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("用于哪些时限政策"),
        default=list,
        blank=True,
        help_text=_("政策代码，结尾可用 *；留空：不论按哪项政策"),
    )
    condition = models.JSONField(_("用于哪些投诉"), default=every, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=100)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget()
        return gone

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)


class Rung(models.Model):
    """One step of a ladder: when, to whom, how loud."""

    ladder = models.ForeignKey(
        Ladder, models.CASCADE, related_name="rungs", verbose_name=_("提醒阶梯")
    )
    measure = models.CharField(_("从哪里量起"), max_length=8, choices=Measure.choices)
    amount = models.DecimalField(_("数量"), max_digits=8, decimal_places=2)
    unit = models.CharField(
        _("单位"),
        max_length=10,
        choices=Unit.choices,
        blank=True,
        help_text=_("百分比不用选；按天的在工作日上班时提醒"),
    )
    receivers = ArrayField(
        models.CharField(max_length=12, choices=Receiver.choices), verbose_name=_("通知谁")
    )
    kind = models.CharField(
        _("性质"), max_length=10, choices=RungKind.choices, default=RungKind.REMINDER
    )
    in_product = models.BooleanField(_("站内通知"), default=True)
    by_mail = models.BooleanField(_("邮件"), default=False)
    min_work_days = models.PositiveSmallIntegerField(
        _("时限至少几个工作日"), default=0, help_text=_("更短的时限不用这一级；0 为都用")
    )

    class Meta:
        ordering = ("ladder", "pk")

    def __str__(self) -> str:
        return f"{self.ladder} {self.told}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget()
        return gone

    @property
    def told(self) -> str:
        """When, in words: “已用 80%”, “到期前 2 工作日”."""
        amount = f"{float(self.amount):g}"
        if self.measure == Measure.PERCENT:
            return gettext("到期时") if self.amount == 100 else gettext("已用 %s%%") % amount
        if not self.amount:
            at_start = self.measure == Measure.SINCE_START
            return gettext("开始计时时") if at_start else gettext("到期时")
        unit = Unit(self.unit).label if self.unit else ""
        return f"{Measure(self.measure).label} {amount} {unit}"

    def clean(self) -> None:
        if self.amount is None:
            return
        if self.measure == Measure.PERCENT:
            if not 0 <= self.amount <= 100:
                raise ValidationError({"amount": _("百分比在 0 到 100 之间；到期以后请选“到期后”")})
            self.unit = ""
            return
        if not self.unit:
            raise ValidationError({"unit": _("请选择单位")})
        days = self.unit in (Unit.DAYS, Unit.WORK_DAYS)
        if days and self.amount != int(self.amount):
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})
        if not 0 <= self.amount <= LONGEST:
            raise ValidationError({"amount": _("数量要大于 0，且不超过十年")})
