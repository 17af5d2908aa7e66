"""Bonds between two complaints, and mass incidents with their members, progress and notices."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.journey.complaint.lifecycle import OPEN
from huiyin.journey.complaint.models import SEES_ALL, Complaint, Event
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.models import Message
from huiyin.journey.grouping.words import (
    BondKind,
    CopyState,
    EntryKind,
    IncidentState,
    LinkNature,
)


class BondQuerySet(models.QuerySet["Bond"]):
    def lasting(self) -> Self:
        return self.filter(ended_at=None)

    def around(self, complaint: Complaint) -> Self:
        """Those of which this complaint is one end."""
        return self.filter(Q(complaint=complaint) | Q(other=complaint))

    def merges(self) -> Self:
        return self.lasting().filter(kind=BondKind.MERGE)

    def splits(self) -> Self:
        return self.lasting().filter(kind=BondKind.SPLIT)


class Bond(models.Model):
    """Two complaints that belong together, until it is taken back.

    `complaint` is the one linked, the member of a merge, or the item split off; `other` is the one
    it is linked to, the master, or the whole. `before` is all that undoing needs.
    """

    kind = models.CharField(max_length=5, choices=BondKind.choices)
    nature = models.CharField(max_length=14, choices=LinkNature.choices, blank=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="bonds")
    other = models.ForeignKey(Complaint, models.PROTECT, related_name="bound")
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = BondQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(complaint=F("other")), name="nothing_bound_to_itself"
            ),
            models.UniqueConstraint(
                "complaint",
                condition=Q(kind=BondKind.MERGE, ended_at=None),
                name="merged_into_one",
            ),
            models.UniqueConstraint(
                "complaint",
                condition=Q(kind=BondKind.SPLIT, ended_at=None),
                name="split_off_one",
            ),
            models.UniqueConstraint(
                Least("complaint", "other"),
                Greatest("complaint", "other"),
                "kind",
                condition=Q(ended_at=None),
                name="bound_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind} {self.other_id}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> Self:
        return self.filter(state=IncidentState.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Whoever sees every complaint, whoever leads it, and whoever sees one of its members."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system or user.has_role(*SEES_ALL):
            return self
        seen = Membership.objects.lasting().filter(
            incident=models.OuterRef("pk"), complaint__in=Complaint.objects.visible_to(user)
        )
        return self.filter(Q(owner=user) | models.Exists(seen))

    def with_counts(self) -> Self:
        """`members` in it, and how many of them are `unsettled`."""
        lasting = Q(memberships__left_at=None)
        going_on = Q(memberships__complaint__status__in=(*OPEN, Status.MRG))
        return self.annotate(
            members=models.Count("memberships", filter=lasting),
            unsettled=models.Count("memberships", filter=lasting & going_on),
        )


class Incident(models.Model):
    """Many complaints about one thing (群体事件): one owner, one progress, one notice, one fix."""

    title = models.CharField(_("名称"), max_length=80)
    category = models.CharField(_("类别"), max_length=20, blank=True)
    concerning = models.CharField(_("涉及对象"), max_length=120, blank=True)
    region = models.CharField(_("地区"), max_length=80, blank=True)
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="incidents", verbose_name=_("负责人")
    )
    state = models.CharField(
        max_length=6, choices=IncidentState.choices, default=IncidentState.OPEN
    )
    finding = models.TextField(_("联合结论"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["-last_activity_at", "-id"],
                condition=Q(state="open"),
                name="open_incidents",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == IncidentState.OPEN


class MembershipQuerySet(models.QuerySet["Membership"]):
    def lasting(self) -> Self:
        return self.filter(left_at=None)


class Membership(models.Model):
    """A complaint is part of an incident, until it is taken out of it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="memberships")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="memberships")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    left_reason = models.CharField(max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("complaint", condition=Q(left_at=None), name="in_one_incident"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} ∈ {self.incident_id}"


class Entry(models.Model):
    """A line of the joint progress. What is public, members' customers read at the portal."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    text = models.TextField(_("内容"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class JointNotice(models.Model):
    """One text to all members; each gets a message of his own, sent by the worker."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notices")
    key = models.UUIDField(default=uuid.uuid4, unique=True)  # sent twice it is one notice
    text = models.TextField(_("告知内容"))
    text_en = models.TextField(_("英文内容"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.at}"


class CopyQuerySet(models.QuerySet["Copy"]):
    def waiting(self) -> Self:
        return self.filter(state=CopyState.WAITING)


class Copy(models.Model):
    """The notice for one complaint: who was a member at that moment gets it, and gets it once."""

    notice = models.ForeignKey(JointNotice, models.PROTECT, related_name="copies")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    channel = models.CharField(max_length=12, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="+")
    refusal = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("notice", "complaint", name="copied_once"),)
        indexes = (
            models.Index(fields=["id"], condition=Q(state="waiting"), name="copies_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.complaint_id} {self.state}"
