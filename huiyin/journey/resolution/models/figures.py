"""The numbers of the law and of the house that calculators rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_english, in_own
from huiyin.ground.remembered import Remembered
from huiyin.journey.resolution.calculators.reckoning import Number
from huiyin.journey.resolution.words import Calculator, Mark, Unit


class Figure(models.Model):
    """One number with law, article, source and how well it is known.

    A change of the law is a new row with its day; the older one stays for what was worked out.
    """

    code = models.CharField(_("代码"), max_length=40)
    calculator = models.CharField(_("计算器"), max_length=20, choices=Calculator.choices)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    value = models.BigIntegerField(_("数值"), default=0)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    law = models.CharField(_("法律"), max_length=80, blank=True)
    article = models.CharField(_("条款"), max_length=80, blank=True)
    mark = models.CharField(_("核对情况"), max_length=1, choices=Mark.choices)
    source = models.CharField(_("来源"), max_length=200)
    note = models.CharField(_("提醒"), max_length=200, blank=True)
    note_en = models.CharField(_("英文提醒"), max_length=300, blank=True)
    verified_on = models.DateField(_("核对日期"), null=True, blank=True)
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        ordering = ("calculator", "code", "-valid_from")
        constraints = (
            models.UniqueConstraint("code", "valid_from", name="one_figure_a_day"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="no_negative_figure"),
        )

    def __str__(self) -> str:
        return in_own(self.name_zh, self.name_en)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        figures.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        figures.forget()
        return done

    @property
    def number(self) -> Number:
        english = in_english()
        note = self.note_en if english and self.note_en else self.note
        return Number(self.code, self.value, self.law, self.article, self.mark, note)


figures = Remembered(lambda: list(Figure.objects.order_by("valid_from", "pk")))


def numbers_on(day: date, rows: list[Figure]) -> dict[str, Number]:
    """Of each number the row in force on this day (rows by their days, the oldest first)."""
    return {row.code: row.number for row in rows if row.valid_from <= day}
