"""Templates of tasks per handling rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.worktime.words import Unit
from huiyin.journey.cooperation.words import Beside, Part, Shows


class TaskTemplateQuerySet(models.QuerySet["TaskTemplate"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def for_rule(self, rule: str, category: str = "") -> list[TaskTemplate]:
        """What this handling rule asks for: of all its categories, or of a prefix of this one."""
        found = self.in_use().filter(handling_rule=rule) if rule else self.none()
        parts = category.split(".")
        ways = {"", *(".".join(parts[: at + 1]) for at in range(len(parts)))}
        return [one for one in found if one.category_prefix in ways]


class TaskTemplate(models.Model):
    """A task that a handling rule asks for (domain §4.3): proposed by itself, edited, sent."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    handling_rule = models.CharField(
        _("处理规则"), max_length=8, help_text=_("例如 H04；这类投诉会自动提出这项任务")
    )
    category_prefix = models.CharField(
        _("类别前缀"),
        max_length=20,
        blank=True,
        help_text=_("只在这类投诉里提出，如 SF.02；留空表示这条规则的所有类别"),
    )
    title_zh = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    question_zh = models.TextField(_("要部门做什么"), max_length=4000)
    question_en = models.TextField(_("英文内容"), max_length=4000, blank=True)
    department_code = models.CharField(_("部门代码"), max_length=40, blank=True)
    part = models.CharField(_("主办或协办"), max_length=4, choices=Part.choices, default=Part.CO)
    amount = models.DecimalField(
        _("答复时限"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(365)),
        help_text=_("留空则按部门的时限"),
    )
    unit = models.CharField(
        _("时限单位"), max_length=10, choices=Unit.choices, default=Unit.WORK_DAYS
    )
    shows = models.CharField(
        _("部门能看到"), max_length=10, choices=Shows.choices, default=Shows.MASKED
    )
    beside = models.CharField(
        _("同时提醒"), max_length=10, choices=Beside.choices, blank=True, default=Beside.NOTHING
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TaskTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("handling_rule", "position", "pk")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        days = self.unit in (Unit.DAYS, Unit.WORK_DAYS)
        if days and self.amount is not None and self.amount % 1:
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})

    @property
    def title(self) -> str:
        return in_own(self.title_zh, self.title_en)

    @property
    def question(self) -> str:
        return in_own(self.question_zh, self.question_en)
