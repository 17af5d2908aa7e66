"""What must be done so that an offer is kept: steps in their order, and payments under them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from huiyin.ground.kept import SentenceField
from huiyin.ground.language import in_own
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Refused
from huiyin.ground.webhooks.models import Call, Endpoint
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation.models import Task
from huiyin.journey.execution.rules import OPEN, RUNNING, TROUBLED, Sum
from huiyin.journey.execution.words import Doer, StepState
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import yuan

BESIDE = (
    "complaint__customer",
    "complaint__assignee",
    "offer__remedy",
    "department",
    "endpoint",
    "clock",
    "task",
    "call",
    "evidence",
    "done_by",
)


class StepQuerySet(models.QuerySet["Step"]):
    def open(self) -> Self:
        """Neither done nor cancelled."""
        return self.filter(state__in=OPEN)

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def with_all(self) -> Self:
        return self.select_related(*BESIDE)


class Step(models.Model):
    """One thing that somebody must do. Steps of an offer run one after the other."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="steps", db_index=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    what_zh = models.CharField(max_length=120)
    what_en = models.CharField(max_length=120, blank=True)
    doer = models.CharField(max_length=10, choices=Doer.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, null=True, related_name="+", db_index=False
    )
    days = models.PositiveSmallIntegerField()
    amount_fen = models.BigIntegerField(default=0)  # what this step must pay, 0: it pays nothing
    paid_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.PLANNED)
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="+", db_index=False)
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="step")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="+", db_index=False)
    begun_at = models.DateTimeField(null=True)
    told_on = models.DateField(null=True)  # the last day that the customer was told unasked
    proof = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, related_name="+", db_index=False
    )
    problem = SentenceField(blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ("offer", "position")
        constraints = (
            models.UniqueConstraint("offer", "position", name="one_step_a_place"),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, paid_fen__lte=models.F("amount_fen")),
                name="never_more_than_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(paid_fen=models.F("amount_fen")),
                name="done_when_paid_in_full",
            ),
        )
        indexes = (models.Index(fields=["complaint", "id"], name="steps_of_complaint"),)

    def __str__(self) -> str:
        return self.what_zh

    @property
    def what(self) -> str:
        return in_own(self.what_zh, self.what_en)

    @property
    def subject(self) -> str:
        """What its clock is called by; “step” is a fact of every rung of a ladder."""
        return f"execution:{self.pk}"

    @property
    def asked_as(self) -> str:
        """What its call to an outside system is called by."""
        return f"step:{self.pk}"

    @property
    def who(self) -> str:
        if self.doer == Doer.DEPARTMENT and self.department is not None:
            return self.department.shown_name
        if self.doer == Doer.SYSTEM and self.endpoint is not None:
            return self.endpoint.name
        return str(self.get_doer_display())

    @property
    def sum(self) -> Sum:
        return Sum(self.amount_fen, self.paid_fen)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_troubled(self) -> bool:
        return self.state in TROUBLED

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due_at if self.clock is not None else None

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of it tells, in words that stay."""
        amount = yuan(self.amount_fen) if self.amount_fen else ""
        return {"execution": self.pk, "name": self.what_zh, "amount": amount}

    def turn(self, state: StepState, **fields: Any) -> None:
        """Go on to another state, if it still stands where it was seen: of two, one is refused."""
        seen = {"state": self.state, "doer": self.doer, "paid_fen": self.paid_fen}
        if not Step.objects.filter(pk=self.pk, **seen).update(state=state, **fields):
            raise Refused(gettext("这一步刚刚被别人处理过，请刷新后再看"))
        for name, value in {"state": state, **fields}.items():
            setattr(self, name, value)


class Payment(models.Model):
    """Money that was moved for a step. Only ever added; the same reference is never taken twice."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=300)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("step", "reference", name="paid_once_a_reference"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="no_empty_payment"),
        )

    def __str__(self) -> str:
        return f"{self.step_id} {self.amount_fen}"
