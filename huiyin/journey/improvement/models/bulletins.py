"""Bulletins (通报): what those concerned must have read, and who has."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Department, Team, User
from huiyin.journey.improvement.models.improvements import Improvement
from huiyin.journey.improvement.people import OPENERS

LONGEST_TITLE = 120
LONGEST_TEXT = 5000


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Its readers, the heads of those who did not read it, and who may write such."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_system or user.has_role(*OPENERS):
            return self
        mine = Reading.objects.filter(bulletin=OuterRef("pk"), user=user)
        told = HeadTold.objects.filter(bulletin=OuterRef("pk"), head=user)
        return self.filter(Q(by=user) | Exists(mine) | Exists(told))

    def unread_by(self, user: User) -> Self:
        """What this person must still confirm, the earliest due first."""
        mine = Reading.objects.filter(user=user, read_at=None)
        return self.filter(withdrawn_at=None, pk__in=mine.values("bulletin")).order_by(
            "due_at", "pk"
        )


class Bulletin(models.Model):
    """A text to teams, departments or all. Its readers are those who belong to them when it is
    published; it is never changed, only withdrawn."""

    title = models.CharField(_("标题"), max_length=LONGEST_TITLE)
    text = models.TextField(_("内容"))
    improvement = models.ForeignKey(
        Improvement, models.PROTECT, null=True, related_name="bulletins"
    )
    to_all = models.BooleanField(default=False)
    teams = models.ManyToManyField(Team, related_name="+")
    departments = models.ManyToManyField(Department, related_name="+")
    due_at = models.DateTimeField(_("阅读期限"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)  # the last time, by itself
    reminders = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True)  # None: nothing more happens by itself
    heads_told_at = models.DateTimeField(null=True)
    hand_reminded_at = models.DateTimeField(null=True)
    hand_reminders = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    search = SearchVectorField(null=True, editable=False)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False, withdrawn_at=None),
                name="bulletins_to_remind",
            ),
            GinIndex(fields=["search"], name="bulletins_by_words"),
        )

    def __str__(self) -> str:
        return self.title


class HeadTold(models.Model):
    """That the head of some who did not read it was told, and when he took note."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="heads", db_index=False)
    head = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("bulletin", "head", name="told_once_a_head"),)
        indexes = (
            models.Index(
                fields=["head", "bulletin"], condition=Q(seen_at=None), name="heads_still_to_see"
            ),
        )

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.head_id}"


class Reading(models.Model):
    """That somebody is to read it, and when he confirmed that he has: once."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="readings", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("read_at", "pk")
        constraints = (models.UniqueConstraint("bulletin", "user", name="read_once"),)
        indexes = (
            models.Index(
                fields=["user", "bulletin"], condition=Q(read_at=None), name="still_to_read"
            ),
        )

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.user_id}"
