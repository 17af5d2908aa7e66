"""The clocks, and the record by which each is replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks import rules
from huiyin.journey.clocks.models.policies import Policy
from huiyin.journey.clocks.models.reminding import Ladder, Rung
from huiyin.journey.clocks.words import ClockKind, PauseFor, PauseRule
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.routing.words import Whom


class ClockQuerySet(models.QuerySet["Clock"]):
    def own(self) -> Self:
        """Those of the complaint itself, not of a task or supervision within it."""
        return self.filter(subject="")

    def running(self) -> Self:
        """Neither stopped nor paused; a missed one still runs (it counts up) until stopped."""
        return self.filter(stopped_at=None, paused_at=None)

    def timing(self, rows: Sequence[Complaint]) -> dict[int, Clock | datetime]:
        """By the id of each row of a list what its next limit is shown by: the clock itself, which
        knows its length and calendar, else the bare moment that the spine carries."""
        due: dict[int, Clock | datetime] = {
            row.pk: row.next_due_at for row in rows if row.is_open and row.next_due_at
        }
        kinds = {row.pk: row.next_due_kind for row in rows}
        for clock in self.own().filter(complaint__in=due, stopped_at=None):
            if clock.kind == kinds[clock.complaint_id]:
                due[clock.complaint_id] = clock
        return due

    def of_subjects(self, subjects: Mapping[str, int]) -> dict[str, Clock]:
        """The open clocks of these subjects of later stages; of each the id of its complaint."""
        found = self.filter(complaint__in=set(subjects.values()), subject__in=subjects)
        return {clock.subject: clock for clock in found.filter(stopped_at=None)}

    def to_warn(self, now: datetime) -> Self:
        due = self.running().filter(warned_at=None, missed_at=None, warn_at__lte=now)
        return due.filter(due_at__gt=now).order_by("due_at", "pk")

    def to_climb(self, now: datetime) -> Self:
        """Those of which a rung of their ladder is due."""
        due = self.running().filter(next_rung_at__lte=now)
        return due.order_by("next_rung_at", "pk")

    def overdue(self, now: datetime) -> Self:
        return self.running().filter(missed_at=None, due_at__lte=now).order_by("due_at", "pk")


class Clock(models.Model):
    """One limit of one complaint. `due_at` is stored, so lists sort and the sweep is an index."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=ClockKind.choices)
    # What it times: "" the complaint itself; "task:17", "supervision:3" what a later stage keeps.
    subject = models.CharField(max_length=40, blank=True, default="")
    label = models.CharField(max_length=120, blank=True, default="")  # what people call it
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who owes it
    # The terms as they were when it was planned: editing a policy changes no clock by itself.
    policy = models.CharField(max_length=40)
    policy_version = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    calendar_code = models.CharField(max_length=40)
    ends_at_close = models.BooleanField(default=False)
    pause_rule = models.CharField(max_length=8, choices=PauseRule.choices, default=PauseRule.ANEW)
    pauses_for_customer = models.BooleanField(default=True)
    pauses_for_testing = models.BooleanField(default=True)
    most_extra = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    extra_steps = models.CharField(max_length=40, blank=True)
    warn_percent = models.PositiveSmallIntegerField(default=80)
    # A date that a document set: nothing moves it, neither pause nor holiday.
    fixed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()  # before any correction, pause or extension; for reports
    warn_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)  # its open Pause, for the indexes
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replanned_at = models.DateTimeField(null=True)  # an edit of policy or calendar moved it
    ladder = models.ForeignKey(Ladder, models.SET_NULL, null=True, related_name="+", db_index=False)
    next_rung_at = models.DateTimeField(null=True)  # the first rung that has not fired

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(stopped_at=None, missed_at=None, paused_at=None),
                name="clocks_to_miss",
            ),
            models.Index(
                fields=["warn_at"],
                condition=models.Q(stopped_at=None, missed_at=None, paused_at=None, warned_at=None),
                name="clocks_to_warn",
            ),
            models.Index(
                fields=["next_rung_at", "id"],
                condition=models.Q(stopped_at=None, paused_at=None, next_rung_at__isnull=False),
                name="clocks_to_climb",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                "complaint",
                "kind",
                "subject",
                condition=models.Q(stopped_at=None),
                name="one_clock_a_subject",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"

    @property
    def words(self) -> str:
        """What it is called in the story and in notices."""
        kind = str(ClockKind(self.kind).label)
        return f"{self.label} · {kind}" if self.label else kind

    @property
    def is_late(self) -> bool:
        return bool(self.stopped_at and self.stopped_at > self.due_at) or bool(self.missed_at)

    @property
    def extra(self) -> float:
        """What extensions add, in the unit of the clock."""
        return float(sum(e.amount for e in self.extensions.all() if e.unit == self.unit))

    @property
    def left(self) -> float:
        """How much more may be granted at once, in the unit of the clock."""
        granted = [float(e.amount) for e in self.extensions.all() if e.unit == self.unit]
        return rules.room(float(self.most_extra), granted, rules.read_steps(self.extra_steps))

    @property
    def room(self) -> str:
        """How much more may be granted at once, as people read it."""
        return f"{self.left:g}"

    def pauses_while(self, whom: str) -> bool:
        """Whether waiting for this counts as no time of ours."""
        if whom == Whom.CUSTOMER:
            return self.pauses_for_customer
        return whom == Whom.TESTING and self.pauses_for_testing


class Attachment(models.Model):
    """A policy that binds us in this one complaint, by a regulator's document or by a contract."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="attachments")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="attachments")
    document_no = models.CharField(_("文号"), max_length=80, blank=True)
    document_on = models.DateField(_("文书日期"), null=True, blank=True)
    due_on = models.DateField(_("文书规定的期限"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("complaint", "policy", name="attached_once"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.policy}"


class Pause(models.Model):
    """A stretch in which a clock stood still: why, on whose word, by which line of the story."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    whom = models.CharField(max_length=10, choices=PauseFor.choices)
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("began_at", "pk")
        constraints = (
            models.UniqueConstraint(
                "clock", condition=models.Q(ended_at=None), name="one_open_pause"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock_id} {self.began_at}"


class Extension(models.Model):
    """More time, granted before expiry; the customer was told by this message of the story."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="extensions")
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    reason = models.CharField(max_length=300)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # None where it is no limit of the customer's: a task's, a supervision's.
    told = models.ForeignKey("conversation.Message", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.clock_id} +{self.amount} {self.unit}"


class RungFired(models.Model):
    """This rung of this clock was told, once; written with the event that tells it.

    A due date that moves away takes it back (`lapsed_at`): what lies ahead again is told again.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="fired")
    rung = models.ForeignKey(Rung, models.SET_NULL, null=True, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "clock", "rung", condition=models.Q(lapsed_at=None), name="each_rung_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock_id} {self.rung_id} {self.fired_at}"


class Replanning(models.Model):
    """One pass over the open clocks after an edit of policies or calendars; the last row counts."""

    rules = models.CharField(max_length=64)  # fingerprint of all policies and calendars
    seen_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last_complaint = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
