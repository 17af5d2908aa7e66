"""What was quoted where, and whether it helped."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.guidance.words import Into, Verdict


class QuotationQuerySet(models.QuerySet["Quotation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever sees the complaint sees what was quoted in it."""
        seen = Complaint.objects.visible_to(user).filter(pk=models.OuterRef("complaint"))
        return self.filter(models.Exists(seen))


class Quotation(models.Model):
    """One passage used for one complaint: the version as it was then.

    Quoted again it is the same row; only what became of it is written later.
    """

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="quotations", db_index=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="quotations")
    article = models.ForeignKey(Article, models.PROTECT, related_name="quotations", db_index=False)
    into = models.CharField(_("用于"), max_length=6, choices=Into.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(_("作用"), max_length=10, choices=Verdict.choices, blank=True)
    words = models.CharField(_("哪里没帮上"), max_length=300, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    objects = QuotationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("complaint", "version", "into", name="quoted_once"),)
        indexes = (
            models.Index(fields=["article", "-id"], name="quotations_of_article"),
            models.Index(
                fields=["article", "verdict", "-id"],
                condition=~Q(verdict=""),
                name="quotations_judged",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} → {self.complaint}"
