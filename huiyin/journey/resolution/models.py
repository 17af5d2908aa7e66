"""Remedies and limits as data; offers as they were made."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.ground.remembered import Remembered
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def usable(self) -> Self:
        return self.filter(retired_at=None)


class Remedy(models.Model):
    """A way to make good (facet RMD). Retired, never deleted."""

    code = models.CharField(_("代码"), max_length=10, primary_key=True)
    name_zh = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    needs_amount = models.BooleanField(_("需要金额"), default=False)
    days = models.PositiveSmallIntegerField(_("一般执行天数"), default=3)
    wording_zh = models.TextField(_("给客户的说法"), blank=True)
    wording_en = models.TextField(_("英文说法"), blank=True)
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
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name_zh

    def wording_for(self, language: str) -> str:
        """What a customer of this language is told."""
        in_his_own = self.wording_en if language == "en" else ""
        return in_his_own or self.wording_zh or self.name_zh


usable_remedies = Remembered(lambda: list(Remedy.objects.usable()))


class AuthorityLimit(models.Model):
    """How much a role may decide (domain §6.6, product default: confirm before use)."""

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices, unique=True)
    per_case_fen = models.BigIntegerField(_("每件上限（分）"), null=True, blank=True)
    monthly_fen = models.BigIntegerField(_("每月上限（分）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    version = models.CharField(_("版本"), max_length=40, default="1")
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        ordering = ("per_case_fen",)

    def __str__(self) -> str:
        return str(self.get_role_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        authority_limits.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        authority_limits.forget()
        return done


authority_limits = Remembered(lambda: list(AuthorityLimit.objects.all()))


class OfferQuerySet(models.QuerySet["Offer"]):
    def promised(self) -> Self:
        """What binds us: neither denied nor declined."""
        return self.exclude(state__in=(OfferState.DENIED, OfferState.DECLINED))


class Offer(models.Model):
    """What we offered, on what basis, until when, and what became of it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="offers")
    remedy = models.ForeignKey(Remedy, models.PROTECT, verbose_name=_("补救方式"))
    basis = models.CharField(_("依据"), max_length=500)
    wording = models.TextField(_("给客户的说法"))
    amount_fen = models.BigIntegerField(_("金额（分）"), default=0)
    due_on = models.DateField(_("执行期限"))
    state = models.CharField(max_length=10, choices=OfferState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_note = models.CharField(max_length=300, blank=True)
    executed_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paid_fen = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=500, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["by", "at"], name="offers_of_month"),
            models.Index(fields=["decided_by", "decided_at"], name="decided_of_month"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="no_negative_offer"),
            models.UniqueConstraint(
                "complaint",
                condition=models.Q(state__in=("waiting", "offered", "agreed")),
                name="one_open_offer",
            ),
            models.CheckConstraint(
                condition=models.Q(state="denied")
                | models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("by")),
                name="four_eyes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.remedy_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the story tells of it."""
        amount = yuan(self.amount_fen) if self.amount_fen else ""
        return {"offer": self.pk, "remedy": self.remedy.name_zh, "amount": amount}

    def turn(self, seen: str, state: str, **fields: Any) -> None:
        """Go on to another state, if it still stands where it was seen: of two, one is refused."""
        if not Offer.objects.filter(pk=self.pk, state=seen).update(state=state, **fields):
            raise Refused(gettext("这个方案不在这一步，或刚刚被别人处理过，请刷新后再看"))
        for name, value in {"state": state, **fields}.items():
            setattr(self, name, value)


class Signature(models.Model):
    """One of those who together approve what is beyond each of them (会签)."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20, choices=Role.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("offer", "role", name="one_signature_a_role"),
            models.UniqueConstraint("offer", "by", name="one_signature_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} {self.role}"
