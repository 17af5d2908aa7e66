"""Messages, evidence, and letters on their way out."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.kept import SentenceField
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.words import (
    CustodyAct,
    EvidenceKind,
    Kind,
    LetterState,
    PartState,
    PrivacyLevel,
    Reach,
    Receiver,
    Source,
)


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> Self:
        """What the customer may read: never a note, nor a reply that has not left or was undone."""
        unsaid = models.Q(letter__pending=True) | models.Q(letter__state=LetterState.UNDONE)
        return self.exclude(kind=Kind.NOTE).exclude(unsaid)


class Message(models.Model):
    """Something said. Never edited: a trigger refuses change and deletion of what was sent."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["complaint", "id"], name="messages_of_complaint"),)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"


class Once(models.Model):
    """That this person has sent this key before: the same words sent twice are one message."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "once"
        constraints = (models.UniqueConstraint("by", "key", name="written_once"),)

    def __str__(self) -> str:
        return f"{self.by_id} {self.key}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def for_customer(self) -> Self:
        """What the customer may have: never the internal, never what staff marked as sensitive."""
        own = models.Q(source=Source.CUSTOMER)
        return self.filter(own | ~models.Q(privacy=PrivacyLevel.SENSITIVE), internal=False)


class Evidence(models.Model):
    """A file as it came: its bytes are kept under a random name outside the web root.

    A trigger refuses to change what it is (bytes, hash, complaint, who and when) and to delete it
    while it is held; what is said about it may be said better, and `custody` remembers.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="evidence")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="evidence")
    name = models.CharField(_("名称"), max_length=140)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, editable=False)
    source = models.CharField(max_length=10, choices=Source.choices)
    internal = models.BooleanField(default=False)  # not for the customer's eyes
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.OTHER)
    about = models.CharField(max_length=300, blank=True, default="")  # what it shows
    happened_at = models.DateTimeField(null=True)  # of the thing itself: when the call was
    place = models.CharField(max_length=40, blank=True, default="")  # where in it: 03:12–04:05
    privacy = models.CharField(
        max_length=10, choices=PrivacyLevel.choices, default=PrivacyLevel.ORDINARY
    )
    held = models.BooleanField(default=False)  # legal hold
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_sensitive(self) -> bool:
        return self.privacy == PrivacyLevel.SENSITIVE


class Custody(models.Model):
    """What happened to a piece of evidence, and who opened it. Only ever added (trigger)."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody", db_index=False)
    act = models.CharField(max_length=10, choices=CustodyAct.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "custody"
        indexes = (models.Index(fields=["evidence", "-id"], name="custody_of_evidence"),)

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.act}"

    @property
    def words(self) -> str:
        """Why; of a copy who got it, and by which way."""
        facts = self.facts
        if self.act != CustodyAct.COPIED:
            return str(facts.get("reason", ""))
        parts = [Receiver(facts["receiver"]).label, facts.get("to"), facts.get("copy")]
        if facts.get("channel"):
            parts.append(Channel(facts["channel"]).label)
        return " · ".join(str(part) for part in parts if part)


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, now: datetime) -> Self:
        """In the order in which each may go: what is tried again stands behind what waited."""
        free = models.Q(taken_until=None) | models.Q(taken_until__lte=now)
        queued = self.filter(free, state=LetterState.QUEUED, next_try_at__lte=now)
        return queued.order_by("next_try_at", "pk")

    def undoable(self) -> Self:
        """Replies that have not left: taken back as if they had never been said."""
        return self.filter(state=LetterState.QUEUED, pending=True)


class Letter(models.Model):
    """Words to one person by one channel: queued with the fact they tell of, sent by the worker."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="letters")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="letter")
    purpose = models.CharField(max_length=40)
    channel = models.CharField(
        _("渠道"), max_length=12, choices=Channel.choices, default=Channel.EMAIL
    )
    recipient = models.CharField(_("收件人"), max_length=254)
    subject = models.CharField(_("主题"), max_length=200)
    body = models.TextField(_("正文"))
    state = models.CharField(
        _("状态"), max_length=10, choices=LetterState.choices, default=LetterState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = SentenceField(blank=True)
    created_at = models.DateTimeField(_("时间"), db_index=True)
    sent_at = models.DateTimeField(null=True)
    # A reply that can still be taken back: it counts as said when it leaves.
    pending = models.BooleanField(default=False)
    planned_at = models.DateTimeField(null=True)  # the moment that its writer chose
    taken_until = models.DateTimeField(null=True)  # somebody is sending it just now
    # What the other side calls it, and what it told of it since. Of mail: `channels.mail.Sending`.
    outer_id = models.CharField(max_length=120, blank=True)
    reach = models.CharField(max_length=10, choices=Reach.choices, blank=True)
    reached_at = models.DateTimeField(null=True)
    attached = models.ManyToManyField(Evidence, related_name="+")

    # Whoever took it before died over it: nobody knows whether it left. Told to its carrier.
    was_interrupted = False

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            # A follower may run twice; the second finds the letter there already.
            models.UniqueConstraint("event", "purpose", "recipient", name="letter_once"),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="queued"), name="letters_due"
            ),
            models.Index(
                fields=["channel", "outer_id"],
                condition=~models.Q(outer_id=""),
                name="letters_by_outer_id",
            ),
            models.Index(fields=["state", "-id"], name="letters_by_state"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def is_automatic(self) -> bool:
        """Whether a machine says it; what a person writes is no automatic answer (RFC 3834)."""
        if self.purpose in settings.WRITTEN_BY_PEOPLE:
            return False
        return self.message is None or self.message.by.is_system

    @property
    def shown_body(self) -> str:
        """The body as colleagues may read it: the tracking code is the customer's key."""
        code = self.complaint.tracking_code if self.complaint else ""
        return re.sub("-?".join(code), "•" * 8, self.body) if code else self.body


class Part(models.Model):
    """One message of a letter that leaves as several, because its other side takes each file as a
    message of its own: the words first, then every file. Each is sent once."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="parts", db_index=False)
    place = models.PositiveSmallIntegerField()  # 0: the words
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=PartState.choices, default=PartState.WAITING)
    # How often a person had it sent anew although it may have arrived: each is another message.
    anew = models.PositiveSmallIntegerField(default=0)
    media = models.CharField(max_length=200, blank=True)  # the bytes, as the other side calls them
    media_at = models.DateTimeField(null=True)
    outer_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    reach = models.CharField(max_length=10, choices=Reach.choices, blank=True)
    error = SentenceField(blank=True)

    class Meta:
        ordering = ("letter", "place")
        constraints = (models.UniqueConstraint("letter", "place", name="letter_part_once"),)
        indexes = (
            models.Index(
                fields=["outer_id"], condition=~models.Q(outer_id=""), name="parts_by_outer_id"
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter_id}.{self.place}"

    @property
    def is_missing(self) -> bool:
        """Whether the customer has not got it, as far as anybody knows."""
        lost = (PartState.FAILED, PartState.UNKNOWN)
        return self.state in lost or self.reach == Reach.MISSED
