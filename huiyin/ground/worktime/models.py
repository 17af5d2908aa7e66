"""Calendars as rows, read once and kept until somebody edits them."""

from __future__ import annotations

import math
import time as clock
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground import remembered
from huiyin.ground.worktime import rules
from huiyin.ground.worktime.words import DayKind


def check_week(value: Any) -> None:
    try:
        rules.read_week(value)
    except (ValueError, TypeError) as error:
        raise ValidationError(
            _("请写成七天的班次，例如 [[[“09:00”,“12:00”],[“13:00”,“18:00”]], … 共 7 项]")
        ) from error


class Calendar(models.Model):
    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    week = models.JSONField(_("每周班次"), validators=[check_week])
    follows_holidays = models.BooleanField(_("遵循法定节假日"), default=True)
    ends_at_close = models.BooleanField(_("末日以下班时间为止"), default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget()
        return gone


class CalendarDay(models.Model):
    """A day unlike its weekday: for one calendar, or (calendar empty) for all that follow
    the national holidays."""

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, null=True, blank=True, verbose_name=_("日历")
    )
    day = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=10, choices=DayKind.choices)
    name = models.CharField(_("名称"), max_length=80, blank=True)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    provisional = models.BooleanField(_("暂定（尚未公布）"), default=False)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint("calendar", "day", name="one_kind_a_day", nulls_distinct=False),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget()
        return gone


_kept: dict[str, rules.WorkCalendar] = {}
_read_at = -math.inf


def forget() -> None:
    """The next question reads the calendars again."""
    global _read_at
    _read_at = -math.inf


def calendar(code: str) -> rules.WorkCalendar:
    """The calendar of this code; unknown ones count as the office's.

    Read at most every few seconds: another process sees an edit after that time.
    """
    global _read_at
    if not (remembered.fresh(_read_at) and _kept):
        _kept.clear()
        _kept.update(_all())
        _read_at = clock.monotonic()
    return _kept.get(code) or _kept.get("office") or OFFICE


def _all() -> dict[str, rules.WorkCalendar]:
    days = list(CalendarDay.objects.all())
    return {row.code: _as_rules(row, days) for row in Calendar.objects.all()}


def _as_rules(row: Calendar, days: list[CalendarDay]) -> rules.WorkCalendar:
    national = [d for d in days if d.calendar_id is None] if row.follows_holidays else []
    own = [d for d in days if d.calendar_id == row.pk]
    special = {d.day: d for d in (*national, *own)}
    return rules.WorkCalendar(
        week=rules.read_week(row.week),
        holidays=frozenset(d for d, s in special.items() if s.kind == DayKind.HOLIDAY),
        makeup={d: () for d, s in special.items() if s.kind == DayKind.MAKEUP},
        zone=row.zone,
        ends_at_close=row.ends_at_close,
        names={d: s.name for d, s in special.items()},
        announced=_announced(national) if row.follows_holidays else None,
    )


def _announced(national: list[CalendarDay]) -> frozenset[int]:
    """Years whose arrangement is known whole: they have days, and none is provisional."""
    years = {d.day.year for d in national}
    return frozenset(years - {d.day.year for d in national if d.provisional})


OFFICE = rules.WorkCalendar(
    week=rules.plain_week(rules.read_time("09:00"), rules.read_time("18:00"))
)
