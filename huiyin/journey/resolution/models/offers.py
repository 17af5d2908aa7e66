"""Offers as they were made, and the signatures under them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.models.remedies import Remedy
from huiyin.journey.resolution.rules import OPEN_STATES, VOID_STATES, yuan
from huiyin.journey.resolution.words import OfferState


class OfferQuerySet(models.QuerySet["Offer"]):
    def promised(self) -> Self:
        """What binds us: neither denied nor declined, nor put aside for another."""
        return self.exclude(state__in=VOID_STATES)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def sum_fen(self) -> int:
        """What these promise. Options of one round are alternatives: the dearest counts."""
        rounds = self.order_by().values("complaint", "round").annotate(most=models.Max("value_fen"))
        return rounds.aggregate(sum=models.Sum("most"))["sum"] or 0


class Offer(models.Model):
    """What we offered, on what basis, until when, and what became of it.

    The options of one round (`choice` 1 to 3) are put to the customer together; he takes one.
    `value_fen` is what counts against limits: the sum, or what the remedy's own money fields give.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="offers")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    choice = models.PositiveSmallIntegerField(_("选项"), default=1)
    remedy = models.ForeignKey(Remedy, models.PROTECT, verbose_name=_("补救方式"))
    basis = models.CharField(_("依据"), max_length=500)
    wording = models.TextField(_("给客户的说法"))
    amount_fen = models.BigIntegerField(_("金额（分）"), default=0)
    value_fen = models.BigIntegerField(default=0)
    cost_fen = models.BigIntegerField(_("成本（分）"), default=0)
    order_fen = models.BigIntegerField(_("订单金额（分）"), null=True)
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # [{"label", "value", "source"}]: how the sum was worked out, step by step
    calculation: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )
    money_kind = models.CharField(max_length=12, blank=True)  # of the remedy, at that time
    due_on = models.DateField(_("执行期限"))
    state = models.CharField(max_length=10, choices=OfferState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    team = models.ForeignKey(  # whose budget pays
        Team, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # The limit used and the sums counted against it, as they were: later versions change nothing.
    authority: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    changed_from = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="changed_into"
    )
    seen_at = models.DateTimeField(null=True)  # when who proposed saw what the approver changed
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(  # whose deputy decided
        User, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    decided_under: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    answer_note = models.CharField(max_length=300, blank=True)
    executed_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paid_fen = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=500, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-round", "choice", "-pk")
        indexes = (
            models.Index(fields=["by", "at"], name="offers_of_month"),
            models.Index(fields=["decided_by", "decided_at"], name="decided_of_month"),
            models.Index(fields=["team", "at"], name="offers_of_team"),
            models.Index(fields=["at"], name="offers_by_time"),  # budgets of the whole house
            models.Index(
                fields=["at", "id"], condition=models.Q(state="waiting"), name="offers_waiting"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="no_negative_offer"),
            models.CheckConstraint(
                condition=models.Q(value_fen__gte=models.F("amount_fen")), name="counts_in_full"
            ),
            models.CheckConstraint(
                condition=models.Q(choice__gte=1, choice__lte=3, round__gte=1),
                name="one_to_three_options",
            ),
            models.UniqueConstraint(
                "complaint",
                "round",
                "choice",
                condition=~models.Q(state="changed"),
                name="one_offer_a_choice",
            ),
            models.UniqueConstraint(
                "complaint",
                condition=models.Q(state="agreed"),
                name="one_agreed_offer",
            ),
            models.CheckConstraint(
                condition=models.Q(state="denied")
                | models.Q(decided_by=None)
                | (
                    ~models.Q(decided_by=models.F("by"))
                    & (models.Q(decided_for=None) | ~models.Q(decided_for=models.F("by")))
                ),
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

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The budgets that this offer brought to their mark of warning, or over it."""
        return [row for row in self.authority.get("budgets", ()) if row["warns"] or row["over"]]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unseen(self) -> bool:
        """Changed and let through by the approver; who proposed it has not looked yet."""
        changed = self.changed_from_id is not None and self.decided_at is not None
        return changed and self.seen_at is None

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
    for_whom = models.ForeignKey(  # whose deputy signed
        User, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("offer", "role", name="one_signature_a_role"),
            models.UniqueConstraint("offer", "by", name="one_signature_a_person"),
            models.UniqueConstraint(
                "offer",
                "for_whom",
                condition=models.Q(for_whom__isnull=False),
                name="one_signature_a_name",
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} {self.role}"
