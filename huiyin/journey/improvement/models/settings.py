"""Kinds of improvement and the rules that propose one, as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_english
from huiyin.ground.people.models import Department
from huiyin.ground.worktime.words import Unit
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.words import Trigger
from huiyin.journey.investigation.words import Cause


def _english() -> bool:
    return in_english()


class KindQuerySet(models.QuerySet["Kind"]):
    def in_use(self) -> Self:
        return self.filter(enabled=True)


class Kind(models.Model):
    """What kind of action: who usually does it, within which limit, by which steps."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    department_code = models.SlugField(
        _("默认责任部门"),
        max_length=40,
        blank=True,
        help_text=_("协办通讯录里的部门代码；没有这个部门时由发起人选择"),
    )
    amount = models.DecimalField(
        _("时限"),
        max_digits=6,
        decimal_places=2,
        validators=(MinValueValidator(Decimal("0.25")), MaxValueValidator(rules.MOST_AMOUNT)),
    )
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices, default=Unit.WORK_DAYS)
    causes = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("适用的成因"),
        default=list,
        blank=True,
        help_text=_(
            "核实结论的成因代码，用逗号分开，例如 CAU.1,CAU.7；从结论发起整改时先选这个类型"
        ),
    )
    steps_zh = models.TextField(_("步骤（一行一步）"), blank=True)
    steps_en = models.TextField(_("英文步骤（一行一步）"), blank=True)
    effect_days = models.PositiveSmallIntegerField(
        _("效果观察天数"),
        default=rules.EFFECT_DAYS,
        validators=(MinValueValidator(7), MaxValueValidator(365)),
    )
    target_percent = models.PositiveSmallIntegerField(
        _("同类投诉至少下降（%）"),
        default=50,
        validators=(MinValueValidator(1), MaxValueValidator(100)),
    )
    source = models.CharField(_("来源"), max_length=300, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    enabled = models.BooleanField(_("启用"), default=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if _english() and self.name_en else self.name_zh

    @property
    def department(self) -> Department | None:
        """Who usually does it, where there is such a department."""
        found = Department.objects.in_use().filter(code=self.department_code)
        return found.first() if self.department_code else None

    @property
    def steps(self) -> list[str]:
        """The checklist in the reader's language."""
        text = self.steps_en if _english() and self.steps_en else self.steps_zh
        return [line.strip() for line in text.splitlines() if line.strip()]

    def clean(self) -> None:
        if wrong := sorted(set(self.causes or []) - set(Cause.values)):
            sentence = _("没有这样的成因代码：%(codes)s") % {"codes": "、".join(wrong)[:80]}
            raise ValidationError({"causes": sentence})
        if self.amount is not None and not rules.is_limit(float(self.amount), self.unit):
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})


class BulletinRule(models.Model):
    """How often those who did not read a bulletin in time are reminded. The first one counts."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    most = models.PositiveSmallIntegerField(
        _("自动提醒几次"),
        default=3,
        validators=(MinValueValidator(1), MaxValueValidator(20)),
        help_text=_("逾期后每个工作日提醒一次；到次数仍未读，下一个工作日告诉他的负责人"),
    )
    by_hand = models.PositiveSmallIntegerField(
        _("发布人可手动提醒几次"),
        default=2,
        validators=(MaxValueValidator(20),),
        help_text=_("每天最多一次"),
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
        return self.name_en if _english() and self.name_en else self.name_zh


class Rule(models.Model):
    """When an improvement is proposed by itself: once for each cause and period."""

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    trigger = models.CharField(
        _("触发"),
        max_length=12,
        choices=[c for c in Trigger.choices if c[0] not in (Trigger.HAND, Trigger.AGAIN)],
    )
    least = models.PositiveSmallIntegerField(
        _("件数"),
        default=1,
        validators=(MinValueValidator(1), MaxValueValidator(999)),
        help_text=_("同类聚集、同一成因反复达到几件才提出；其他触发不看件数"),
    )
    days = models.PositiveSmallIntegerField(
        _("几天内"),
        default=30,
        validators=(MinValueValidator(1), MaxValueValidator(366)),
        help_text=_("同类聚集看多少天；同一成因反复按自然月"),
    )
    same = ArrayField(
        models.SlugField(max_length=40),
        verbose_name=_("同一对象看哪些字段"),
        default=list,
        blank=True,
        help_text=_("自定义字段的代码，例如批次号、门店；同一类别且其中一个填得一样才算同类聚集"),
    )
    condition = models.JSONField(_("条件"), null=True, blank=True)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", verbose_name=_("建议的类型"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name_en if _english() and self.name_en else self.name
