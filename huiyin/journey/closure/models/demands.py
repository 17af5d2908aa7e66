"""What must be there before a complaint of this kind may be closed, as data."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.remembered import Remembered
from huiyin.journey.closure.words import Need, SignState
from huiyin.journey.complaint.models import Complaint


class Demand(models.Model):
    """Of the complaints of which the condition holds: a field, a kind of evidence, a signature."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("要求"), max_length=120)
    name_en = models.CharField(_("英文"), max_length=160, blank=True)
    condition = models.JSONField(_("条件"), null=True, blank=True)
    need = models.CharField(_("要什么"), max_length=10, choices=Need.choices)
    what = models.CharField(
        _("哪一项"),
        max_length=40,
        blank=True,
        help_text=_(
            "字段：order_no、happened_on、wanted 或 answer.自定义字段；证据：种类，如 photo"
        ),
    )
    role = models.CharField(
        _("谁来签核"), max_length=20, choices=Role.choices, blank=True, help_text=_("要签核时填写")
    )
    waivable = models.BooleanField(_("可以说明理由后不要"), default=True, help_text=_("签核不能免"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=100)
    source = models.CharField(_("来源"), max_length=160, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        demands.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        found = super().delete(*args, **kwargs)
        demands.forget()
        return found

    def clean(self) -> None:
        if self.need == Need.SIGN_OFF and not self.role:
            raise ValidationError({"role": _("请选择谁来签核")})
        if self.need != Need.SIGN_OFF and not self.what:
            raise ValidationError({"what": _("请填写是哪个字段或哪种证据")})

    @property
    def name(self) -> str:
        return in_own(self.name_zh, self.name_en)

    @property
    def may_be_waived(self) -> bool:
        return self.waivable and self.need != Need.SIGN_OFF


class SignOff(models.Model):
    """Somebody vouches for a demand: by his signature, or by the reason why it is not needed."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="sign_offs")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="+")
    waived = models.BooleanField(default=False)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.demand_id}"


class SignRequest(models.Model):
    """A signature that is waited for: asked of the demand's role, anew for each solution.

    What closing misses is always worked out from the demands themselves; this says who was asked,
    since when, and what he answered.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="sign_requests")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=SignState.choices, default=SignState.ASKED)
    at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)  # what has been mended since a refusal
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["at", "id"], condition=models.Q(state="asked"), name="signatures_waiting"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "complaint",
                "demand",
                condition=models.Q(state="asked"),
                name="one_signature_is_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.demand_id} {self.state}"


demands: Remembered[list[Demand]] = Remembered(lambda: list(Demand.objects.filter(enabled=True)))
