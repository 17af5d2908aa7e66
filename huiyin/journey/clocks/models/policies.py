"""Policies as data: how long, by which law, and where that was read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.models.memory import forget
from huiyin.journey.clocks.words import ClockKind, PauseRule, PolicyStatus

LONGEST = 3650


class Policy(models.Model):
    """A set of limits with where it comes from. What is unverified is off until somebody checks."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    law = models.CharField(_("法规或依据"), max_length=200, blank=True)
    article = models.CharField(_("条款"), max_length=80, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=PolicyStatus.choices, default=PolicyStatus.UNVERIFIED
    )
    enabled = models.BooleanField(_("启用"), default=False)
    condition = models.JSONField(
        _("自动用于哪些投诉"),
        null=True,
        blank=True,
        help_text=_("符合条件的投诉自动适用；留空：只按类别、级别、渠道，或由人附加"),
    )
    is_law = models.BooleanField(
        _("法定时限"), default=False, help_text=_("延期由法务批准，其他人不能自行延长")
    )
    suspendable = models.BooleanField(
        _("允许挂起"), default=False, help_text=_("经审批可挂起，最多 5 个工作日，可续一次")
    )

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.code

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


class Term(models.Model):
    """One limit of a policy."""

    policy = models.ForeignKey(
        Policy, models.CASCADE, related_name="terms", verbose_name=_("时限政策")
    )
    kind = models.CharField(_("时限"), max_length=16, choices=ClockKind.choices)
    amount = models.DecimalField(_("数量"), max_digits=8, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit.choices)
    calendar_code = models.CharField(_("工作日历"), max_length=40, default="office")
    warn_percent = models.PositiveSmallIntegerField(_("提醒于已用百分比"), default=80)
    pauses_for_customer = models.BooleanField(_("等客户补充时停表"), default=True)
    pauses_for_testing = models.BooleanField(_("检测鉴定期间停表"), default=True)
    pause_rule = models.CharField(
        _("停表后余下天数"), max_length=8, choices=PauseRule.choices, default=PauseRule.ANEW
    )
    ends_at_close = models.BooleanField(_("末日以下班时间为止"), default=False)
    extra_steps = models.CharField(
        _("每次最多可延长"),
        max_length=40,
        blank=True,
        help_text=_("分次批准的写成 15+30：第一次最多 15，第二次最多 30；空为不分次"),
    )
    most_extra = models.DecimalField(
        _("最多可延长"),
        max_digits=8,
        decimal_places=2,
        default=0,
        help_text=_("同一单位；0 为不可延期"),
    )

    class Meta:
        ordering = ("policy", "kind")
        constraints = (models.UniqueConstraint("policy", "kind", name="one_term_a_kind"),)

    def __str__(self) -> str:
        return f"{self.policy} {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        forget()
        return gone

    def clean(self) -> None:
        days = self.unit in (Unit.DAYS, Unit.WORK_DAYS)
        if days and self.amount is not None and self.amount != int(self.amount):
            raise ValidationError({"amount": _("天数请填整数；半天请改用小时")})
        if self.amount is not None and not 0 < self.amount <= LONGEST:
            raise ValidationError({"amount": _("数量要大于 0，且不超过十年")})
        try:
            rules.read_steps(self.extra_steps)
        except ValueError as wrong:
            sentence = _("请写成 15+30 这样的数字，每次一个；不分次请留空")
            raise ValidationError({"extra_steps": sentence}) from wrong
