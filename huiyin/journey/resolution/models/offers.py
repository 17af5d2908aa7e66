"""Offers as they were made, and the signatures under them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.models.remedies import Remedy
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState


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
