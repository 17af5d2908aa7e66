"""Findings. Several may follow each other; the last one counts. Only ever added (triggers)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.investigation import rules
from huiyin.journey.investigation.words import Cause, CauseGroup, Liability, Party


class Finding(models.Model):
    """`liability` is the facet that carries most; `shares` tell it exactly where they are known."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    facts = models.TextField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    liability = models.CharField(max_length=10, choices=Liability.choices)
    # Why, and why that, five times at most: the last one is the root.
    whys = ArrayField(models.CharField(max_length=rules.LONGEST_WHY), default=list)
    recommendation = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.cause} {self.liability}"

    @property
    def group(self) -> CauseGroup | None:
        """In which of the four groups its cause stands."""
        return rules.group_of(self.cause)

    @property
    def root(self) -> str:
        return self.whys[-1] if self.whys else ""


class Share(models.Model):
    """What part of it one party answers for."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="shares", db_index=False)
    party = models.CharField(max_length=10, choices=Party.choices)
    percent = models.PositiveSmallIntegerField(
        validators=(MinValueValidator(1), MaxValueValidator(100))
    )

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("finding", "party", name="one_share_a_party"),)

    def __str__(self) -> str:
        return f"{self.get_party_display()} {self.percent}%"


class Proof(models.Model):
    """A piece of evidence that supports a fact, and where in it."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="proofs")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="proofs")
    fact = models.CharField(max_length=rules.LONGEST_FACT)
    place = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.fact} {self.place}"
