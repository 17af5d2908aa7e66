"""Whom somebody must call, by when, and every try."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.callbacks import rules
from huiyin.journey.callbacks.words import IN_VAIN, CallbackKind, PartOfDay, Result, State
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.routing.models import Assignment

TEAM_POSTS = (Role.LEAD, Role.SUPERVISOR)
# Who may know that a customer gave a low score; those whom he judged may not.
KNOW_OF_LOW = (Role.SUPERVISOR, Role.MANAGER, Role.QA, Role.VISITOR)


class CallbackQuerySet(models.QuerySet["Callback"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever sees the complaint; and those whose post has to call, who see no more of the
        complaint than stands on the card. Whoever is barred sees neither. Fails closed."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system:
            return self
        # Asked row by row of the call-backs, never the other way round: complaints are many.
        ours = Exists(Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint")))
        found = self.filter(Q(ours) | self._of_post(user))
        if user.has_role(*KNOW_OF_LOW):
            return found
        return found.exclude(kind=CallbackKind.LOW_SCORE)

    @staticmethod
    def _of_post(user: User) -> Q:
        """Open ones of a post this person holds, in his teams where posts belong to teams."""
        wide = [role for role in user.roles if role not in TEAM_POSTS]
        held = Q(post__in=wide) if wide else Q(pk__in=[])
        if narrow := [role for role in user.roles if role in TEAM_POSTS]:
            in_team = Q(complaint__team=None) | Q(complaint__team__in=user.team_ids)
            held |= Q(post__in=narrow) & in_team
        held |= Q(person__in=[user.pk, *user.stands_in_for])
        barred = ComplaintAccess.objects.filter(
            complaint=OuterRef("complaint"), user=user, sight=Sight.BARRED
        )
        return Q(held, ~Exists(barred), state=State.OPEN, complaint__restricted=False)

    def meant_for(self, user: User) -> Self:
        """Open ones of this person, of his posts, and of the complaints he handles; whether he may
        see and make them is another question."""
        people = [user.pk, *user.stands_in_for]
        named = Q(person__in=people)
        posted = Q(person=None, post__in=list(user.roles))
        handled = Q(person=None, post="", complaint__assignee__in=people)
        return self.open().filter(named | posted | handled)

    def waiting_for(self, user: User) -> Self:
        """Open ones that are this person's to make, as `permissions.can_call` judges; what he may
        make only because he directs the team is not among them."""
        worked = Assignment.objects.filter(complaint=OuterRef("complaint"), assignee=user)
        strange = ~Q(complaint__assignee=user) & ~Exists(worked.exclude(accepted_at=None))
        found = self.visible_to(user).meant_for(user)
        return found.filter(~Q(kind=CallbackKind.VISIT) | strange).exclude(
            not_by__contains=[user.pk]
        )

    def due(self, now: datetime) -> Self:
        return self.filter(next_at__lte=now)

    def late(self, now: datetime) -> Self:
        return self.open().filter(Q(clock__due_at__lt=now) | Q(clock=None, due_at__lt=now))

    def free(self, user: User, now: datetime) -> Self:
        """Nobody else is calling just now."""
        return self.filter(Q(claimed_by=None) | Q(claimed_by=user) | Q(claimed_until__lte=now))

    def with_all(self) -> Self:
        """What a row or a card shows, in one query."""
        return self.select_related(
            "complaint__customer",
            "complaint__team",
            "complaint__assignee",
            "person",
            "clock",
            "claimed_by",
            "by",
            "done_by",
        )


class Callback(models.Model):
    """One person who must be called: why, by whom, by when, and what came of it."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="callbacks", db_index=False
    )
    kind = models.CharField(_("种类"), max_length=12, choices=CallbackKind.choices)
    reason = SentenceField(_("事由"))
    source = models.CharField(max_length=60)  # what asked for it: "promise:7", "visit"
    # Who calls: this person, else holders of this role, else whoever handles the complaint.
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=20, choices=Role.choices, blank=True)
    not_by = ArrayField(models.BigIntegerField(), default=list)  # who must not
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("最晚"))
    next_at = models.DateTimeField(_("下次拨打"))  # what the queue goes by
    next_part = models.CharField(max_length=10, choices=PartOfDay.choices)
    appointment_at = models.DateTimeField(_("约定时间"), null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    words = SentenceField(blank=True)  # the customer's, or why it was called off
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "complaint", "source", condition=Q(state=State.OPEN), name="one_open_call_a_source"
            ),
        )
        indexes = (
            models.Index(fields=["complaint", "-id"], name="calls_of_complaint"),
            models.Index(
                fields=["next_at", "id"], condition=Q(state=State.OPEN), name="open_calls_by_next"
            ),
            models.Index(
                fields=["-done_at", "-id"], condition=~Q(state=State.OPEN), name="calls_by_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"

    @property
    def subject(self) -> str:
        """What its clock is called by."""
        return f"callback:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def limit(self) -> datetime:
        """Until when: as its clock says, which a corrected category may move."""
        return self.clock.due_at if self.clock is not None else self.due_at

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of it tells, in words that stay."""
        told = {"callback": self.pk, "kind": self.kind, "subject": self.subject}
        low = self.kind == CallbackKind.LOW_SCORE
        return told | ({"only": list(map(str, KNOW_OF_LOW))} if low else {})

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.limit < now

    def claimed_by_another(self, user: User, now: datetime) -> bool:
        return (
            self.claimed_by_id not in (None, user.pk)
            and self.claimed_until is not None
            and self.claimed_until > now
        )

    def in_vain(self) -> list[datetime]:
        """When it reached nobody, first to last, in local time."""
        tries = sorted(self.all_tries.all(), key=lambda one: one.pk)
        return [timezone.localtime(one.at) for one in tries if one.result in IN_VAIN]


class Try(models.Model):
    """One call, whatever came of it. Only ever added."""

    callback = models.ForeignKey(Callback, models.PROTECT, related_name="all_tries")
    result = models.CharField(max_length=12, choices=Result.choices)
    words = models.CharField(max_length=rules.LONGEST_WORDS, blank=True)
    part = models.CharField(max_length=10, choices=PartOfDay.choices)
    recording = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    offset = models.PositiveIntegerField(null=True)  # seconds of the recording
    next_at = models.DateTimeField(null=True)  # what was planned then
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.callback_id} {self.result}"
