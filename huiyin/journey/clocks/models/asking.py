"""What is asked for and decided by somebody else: more time, and standing still until a day."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from huiyin.ground.people.models import User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models.clocks import Clock, Extension
from huiyin.journey.clocks.words import Level, RequestState, SuspendReason
from huiyin.journey.complaint.models import Complaint


class ExtensionRequest(models.Model):
    """The handler asks for more time; who decides depends on how often and by which law."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="extension_requests")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="requests")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    reason = models.CharField(max_length=300)
    level = models.CharField(max_length=8, choices=Level.choices)
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.ASKED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True)  # why not
    extension = models.OneToOneField(Extension, models.CASCADE, null=True, related_name="request")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "clock",
                condition=models.Q(state=RequestState.ASKED),
                name="one_open_extension_request",
            ),
        )
        indexes = (
            models.Index(
                fields=["at"],
                condition=models.Q(state=RequestState.ASKED),
                name="extensions_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock_id} +{self.amount} {self.unit}"

    @property
    def words_for_amount(self) -> str:
        return f"{float(self.amount):g} {Unit(self.unit).label}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def running(self) -> Self:
        return self.filter(state=RequestState.GRANTED)

    def to_wake(self, now: datetime) -> Self:
        return self.running().filter(wake_at__lte=now).order_by("wake_at", "pk")


class Suspension(models.Model):
    """A complaint stands still until a day (挂起): asked by one, decided by another."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="suspensions")
    reason_code = models.CharField(max_length=16, choices=SuspendReason.choices)
    note = models.CharField(max_length=300)  # on which evidence
    wake_on = models.DateField()
    wake_at = models.DateTimeField()  # the opening of that day
    renews = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.ASKED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True)
    told = models.ForeignKey("conversation.Message", models.PROTECT, null=True, related_name="+")
    woken_at = models.DateTimeField(null=True)
    woken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                "complaint",
                condition=models.Q(state=RequestState.ASKED),
                name="one_open_suspension_request",
            ),
            models.UniqueConstraint(
                "complaint",
                condition=models.Q(state=RequestState.GRANTED),
                name="suspended_once_at_a_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["wake_at"],
                condition=models.Q(state=RequestState.GRANTED),
                name="suspensions_to_wake",
            ),
            models.Index(
                fields=["at"],
                condition=models.Q(state=RequestState.ASKED),
                name="suspensions_asked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.wake_on}"
