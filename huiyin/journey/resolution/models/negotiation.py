"""What the customer asked for instead of what was offered. Only ever added."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.resolution.models.remedies import Remedy


class CounterOffer(models.Model):
    """The customer's wish in answer to a round: his words, perhaps a sum or a remedy."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="counter_offers")
    round = models.PositiveSmallIntegerField(_("轮次"))
    words = models.CharField(_("客户原话"), max_length=1000)
    amount_fen = models.BigIntegerField(_("客户要求的金额（分）"), null=True)
    remedy = models.ForeignKey(
        Remedy, models.PROTECT, null=True, related_name="+", verbose_name=_("客户要求的方式")
    )
    heard_by = models.CharField(_("怎样听到"), max_length=12, choices=Channel.choices)
    heard_at = models.DateTimeField(_("何时听到"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(amount_fen=None) | models.Q(amount_fen__gte=0),
                name="no_negative_wish",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.round}"
