"""Calls: what was told of each, what was done in it, and the recording that comes later."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import Membership, User
from huiyin.ground.people.words import Role
from huiyin.ground.privacy.rules import masked
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.words import CallbackKind, State
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.phone.models.settings import Rung
from huiyin.journey.channels.phone.rules.machine import NEVER_TOLD
from huiyin.journey.channels.phone.rules.skew import NAMED
from huiyin.journey.channels.phone.words import (
    LIVE,
    OVER,
    CallState,
    Did,
    Direction,
    Fetch,
    HungUpBy,
    Told,
)
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence

LONGEST_NOTES = 8000


class PhoneCallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """His own, those that ring for him, those he was called into; of leads and supervisors
        those of their teams' people and those nobody answered; of managers all. Fails closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system or user.has_role(Role.MANAGER):
            return self
        asked = Exists(Act.objects.filter(call=OuterRef("pk"), to=user))
        seen = Q(agent=user) | Q(ringing__contains=[user.pk]) | Q(asked)
        if user.has_role(Role.LEAD, Role.SUPERVISOR):
            mates = Membership.objects.filter(team__in=user.team_ids, user=OuterRef("agent"))
            seen |= Q(Exists(mates)) | Q(agent=None)
        return self.filter(seen)

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def over(self) -> Self:
        return self.filter(state__in=OVER)

    def unlinked(self) -> Self:
        """Spoken, and belonging to no complaint yet; nobody said that it is none."""
        return self.filter(complaint=None, state=CallState.ENDED, no_complaint=False)

    def to_recall(self) -> Self:
        """Somebody waits for our call; without a complaint it stands in no other queue."""
        waits = Q(callback=None) | Q(callback__state=State.OPEN)
        return self.filter(waits, recall_due_at__isnull=False, recalled_at=None)

    def with_all(self) -> Self:
        return self.select_related("agent", "customer", "complaint", "hook", "callback")


class Call(models.Model):
    """One call. Its course is computed from `events` whenever one is added; never set by hand."""

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="+", db_index=False)
    outer_id = models.CharField(max_length=120)
    direction = models.CharField(
        _("方向"), max_length=3, choices=Direction.choices, default=Direction.INBOUND
    )
    caller = models.CharField(max_length=40, blank=True)  # the outside number, normalised
    line = models.CharField(_("线路"), max_length=80, blank=True)
    extension = models.CharField(_("分机"), max_length=32, blank=True)
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="calls")
    ringing = ArrayField(models.BigIntegerField(), default=list)  # the people it rings for
    state = models.CharField(
        _("状态"), max_length=8, choices=CallState.choices, default=CallState.RINGING
    )
    began_at = models.DateTimeField(_("开始"))
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    skew = models.DurationField(default=timedelta)  # how far their clock is behind ours
    held_since = models.DateTimeField(null=True)
    holds = models.JSONField(default=list)  # [[from, to], …]
    held_seconds = models.PositiveIntegerField(default=0)
    hung_up_by = models.CharField(_("谁挂断"), max_length=10, choices=HungUpBy.choices, blank=True)
    reason = models.CharField(max_length=80, blank=True)  # as the telephone system says it
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="calls")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="calls")
    no_complaint = models.BooleanField(default=False)  # an enquiry; somebody said so
    told_recording_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told_recording_at = models.DateTimeField(null=True)
    notes = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True)  # when they became part of the complaint
    draft_key = models.UUIDField(default=uuid.uuid4, unique=True)  # of the registration it leads to
    long_hold = models.PositiveIntegerField(default=0)  # seconds, once it was too long
    long_hold_told = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    dropped_told = models.BooleanField(default=False)
    abused = models.BooleanField(default=False)  # ended for it
    called_told = models.BooleanField(default=False)  # CALLED stands in the story
    recall_kind = models.CharField(max_length=12, choices=CallbackKind.choices, blank=True)
    recall_at = models.DateTimeField(null=True)  # as the customer wished
    recall_due_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)
    callback = models.ForeignKey(Callback, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)  # the agent is through with it

    objects = PhoneCallQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint("hook", "outer_id", name="call_once"),)
        indexes = (
            models.Index(fields=["agent", "-id"], name="calls_of_agent"),
            models.Index(fields=["caller", "-id"], name="calls_by_caller"),
            models.Index(fields=["began_at"], name="calls_by_begin"),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=("ringing", "talking", "held")),
                name="calls_live",
            ),
            models.Index(
                fields=["-id"], condition=Q(complaint=None, state="ended"), name="calls_unlinked"
            ),
            models.Index(
                fields=["recall_due_at"],
                condition=Q(recall_due_at__isnull=False, recalled_at=None),
                name="calls_to_recall",
            ),
            models.Index(
                fields=["ended_at"], condition=Q(finished_at=None), name="calls_unfinished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.outer_id}"

    @property
    def masked_caller(self) -> str:
        return masked("phone", self.caller) if self.caller else str(_("号码未显示"))

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_end_untold(self) -> bool:
        """It is over because nothing more was told of it; what is told later still counts."""
        return not self.is_live and self.reason == NEVER_TOLD

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.INBOUND

    @property
    def talked_seconds(self) -> int:
        if self.answered_at is None or self.ended_at is None:
            return 0
        return max(0, int((self.ended_at - self.answered_at).total_seconds()))

    def here(self, at: datetime) -> datetime:
        """A moment of the telephone system by our own clock, which is the one that goes on."""
        return at + self.skew

    @property
    def held_here(self) -> datetime | None:
        return self.here(self.held_since) if self.held_since is not None else None

    @property
    def answered_here(self) -> datetime | None:
        return self.here(self.answered_at) if self.answered_at is not None else None

    @property
    def clock_off(self) -> int:
        """By how many seconds their clock differs from ours, where people should know; else 0."""
        off = abs(self.skew)
        return int(off.total_seconds()) if off >= NAMED else 0

    @property
    def waits_for_us(self) -> bool:
        """Whoever called is to be called again, and was not yet."""
        if self.recall_due_at is None or self.recalled_at is not None:
            return False
        return self.callback is None or self.callback.is_open

    @property
    def facts(self) -> dict[str, Any]:
        """What an event of the story tells of it."""
        return {
            "call": self.pk,
            "direction": self.direction,
            "seconds": self.talked_seconds,
            "holds": len(self.holds),
            "held": self.held_seconds,
            "hung_up": self.hung_up_by,
            "answered": self.answered_at is not None,
        }


class CallEvent(models.Model):
    """One thing told of a call. Only ever added; the same message twice is one."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="events")
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=Told.choices)
    at = models.DateTimeField()
    agents = ArrayField(models.CharField(max_length=32), default=list)
    by = models.CharField(max_length=10, choices=HungUpBy.choices, blank=True)
    reason = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("call", "key", name="call_event_once"),)

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"


class Act(models.Model):
    """What somebody did during a call, or told it to do. Only ever added."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="acts")
    did = models.CharField(max_length=10, choices=Did.choices)
    rung = models.ForeignKey(Rung, models.PROTECT, null=True, related_name="+")  # of the ladder
    words = models.CharField(max_length=300, blank=True)
    to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["to", "-id"], name="acts_to"),)

    def __str__(self) -> str:
        return f"{self.call_id} {self.did}"


class Recording(models.Model):
    """A recording that was announced: fetched, checked, kept, and put to the complaint."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recordings")
    url = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True)  # as announced; "" when it was not
    state = models.CharField(max_length=10, choices=Fetch.choices, default=Fetch.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    error = SentenceField(blank=True)
    name = models.CharField(max_length=140, blank=True)
    path = models.CharField(max_length=80, blank=True)  # below EVIDENCE_DIR, until it is attached
    size = models.PositiveBigIntegerField(default=0)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("call", "url", name="recording_once"),)
        indexes = (
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="call_recordings_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id} {self.state}"
