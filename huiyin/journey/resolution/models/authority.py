"""How much who may decide, what always asks for several, and how much there is: all as data."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import Department, Team
from huiyin.ground.people.words import Role
from huiyin.ground.remembered import Remembered
from huiyin.journey.resolution.words import MoneyKind


class AuthorityLimit(models.Model):
    """How much a role may decide (domain §6.6, product default: confirm before use).

    A later row of the same role and kind takes over on its day; what was decided keeps the limit
    that counted then (`Offer.authority`).
    """

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    kind = models.CharField(
        _("金额性质"),
        max_length=12,
        choices=MoneyKind.choices,
        blank=True,
        default="",
        help_text=_("留空表示所有没有单独设定的金额"),
    )
    per_case_fen = models.BigIntegerField(_("每件上限（分）"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("最多为订单金额的百分之几"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1), MaxValueValidator(1000)),
        help_text=_("订单金额已知时，与每件上限两者取低"),
    )
    monthly_fen = models.BigIntegerField(_("每月上限（分）"), null=True, blank=True)
    alone_fen = models.BigIntegerField(_("单人可定（分）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        ordering = ("per_case_fen",)
        constraints = (
            models.UniqueConstraint("role", "kind", "valid_from", name="one_limit_a_day"),
        )

    def __str__(self) -> str:
        role = str(self.get_role_display())
        return f"{role} {self.get_kind_display()}" if self.kind else role

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        authority_limits.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        authority_limits.forget()
        return done


authority_limits = Remembered(lambda: list(AuthorityLimit.objects.all()))


class JointRuleQuerySet(models.QuerySet["JointRule"]):
    def usable(self) -> Self:
        return self.filter(retired_at=None)


class JointRule(models.Model):
    """What is always signed by several, however small the sum: 3×, 10×, injury (domain §6.6)."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    condition: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("条件"))
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("会签角色")
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    valid_from = models.DateField(_("生效日期"))
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JointRuleQuerySet.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return in_own(self.name, self.name_en)


class BudgetQuerySet(models.QuerySet["Budget"]):
    def on(self, day: date) -> Self:
        return self.filter(retired_at=None, first_day__lte=day, last_day__gte=day)

    def paying_for(self, team: Team | None) -> Self:
        """Those that a promise of this team is charged to: its own, its department's, the house's.

        A department above pays for those below it.
        """
        everybody = models.Q(team=None, department=None)
        if team is None:
            return self.filter(everybody)
        departments = team.department.chain if team.department else []
        return self.filter(everybody | models.Q(team=team) | models.Q(department__in=departments))


class Budget(models.Model):
    """How much a team, a department, or the house may promise in a period. Retired, not deleted."""

    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("团队"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("部门"),
        help_text=_("团队和部门都留空：全公司"),
    )
    first_day = models.DateField(_("开始日期"))
    last_day = models.DateField(_("结束日期"))
    amount_fen = models.BigIntegerField(_("金额（分）"))
    warn_percent = models.PositiveSmallIntegerField(
        _("用到百分之几时提醒"),
        default=80,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ("-first_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0), name="no_negative_budget"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="budget_of_some_days"
            ),
            models.CheckConstraint(
                condition=models.Q(team=None) | models.Q(department=None),
                name="budget_of_team_or_department",
            ),
        )

    def __str__(self) -> str:
        whose = self.team or self.department or _("全公司")
        return f"{whose} {self.first_day:%Y-%m-%d}–{self.last_day:%Y-%m-%d}"

    def clean(self) -> None:
        if self.team is not None and self.department is not None:
            raise ValidationError({"department": _("团队和部门只选一个")})
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("结束日期不能早于开始日期")})
