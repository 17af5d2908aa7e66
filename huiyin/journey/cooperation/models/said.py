"""What is said inside a task: answers, talk, disputes, wishes for more time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huiyin.ground.people.models import Department, User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.models import Clock
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation.models.links import Link
from huiyin.journey.cooperation.models.tasks import Leg, Task
from huiyin.journey.cooperation.words import State, Verdict


class Said(models.Model):
    """Something said within a task, by a person or through a link. Only ever added (trigger)."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    link = models.ForeignKey(
        Link, models.PROTECT, null=True, related_name="+", db_index=False
    )  # through which an outsider said it
    name = models.CharField(max_length=120)  # as it was when it was said
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        abstract = True


class Answer(Said):
    """What a department answered, with files; and what whoever asked said of it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="answers")
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="answers")
    files = models.ManyToManyField(Evidence, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    judged_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.task_id} {self.at}"


class Remark(Said):
    """Talk inside a task: apart from what the customer sees."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="remarks")
    ours = models.BooleanField()  # by those who see the complaint, not by the department

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.task_id} {self.at}"


class Dispute(models.Model):
    """Whose matter is it? Raised with a reason, decided once, by somebody who is no party."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="disputes")
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    owner = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )  # whose it is, says who disputes
    state = models.CharField(max_length=10, choices=State.choices)  # of the task before
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )  # whose it is, says who ruled
    ruling = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("task", condition=Q(decided_at=None), name="one_open_dispute"),
        )

    def __str__(self) -> str:
        return f"{self.task_id} {self.at}"


class MoreTime(models.Model):
    """A department asks for more time; granted or refused before expiry by whoever asked it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="more_time")
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="+", db_index=False)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("task", condition=Q(decided_at=None), name="one_open_request"),
        )

    def __str__(self) -> str:
        return f"{self.task_id} +{self.amount}"

    @property
    def said_amount(self) -> str:
        return f"{float(self.amount):g} {Unit(self.clock.unit).label}"
