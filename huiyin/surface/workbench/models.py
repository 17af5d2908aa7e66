"""What a person keeps of his workbench: views of his own, and how far he has read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Team, User
from huiyin.journey.complaint.models import Complaint

HERE_FOR = timedelta(seconds=75)  # a page that is looked at says so every 30 seconds


class OwnViewQuerySet(models.QuerySet["OwnView"]):
    def shown_to(self, user: User) -> Self:
        """One's own, and those shared with one's teams."""
        return self.filter(models.Q(user=user) | models.Q(team__in=user.team_ids)).select_related(
            "user", "team"
        )


class OwnView(models.Model):
    """Conditions of the queue under a name: for one person, or shared with a team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="own_views")
    title = models.CharField(_("名称"), max_length=20)
    query = models.JSONField(default=dict)  # Filters.query()
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("共享给")
    )
    at = models.DateTimeField()

    objects = OwnViewQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint("user", "title", name="own_view_named_once"),)

    def __str__(self) -> str:
        return self.title


class ListColumns(models.Model):
    """Which columns of the queue a person wants, in the order of the list."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    shown = ArrayField(models.CharField(max_length=20))

    def __str__(self) -> str:
        return "、".join(self.shown)


class LookQuerySet(models.QuerySet["Look"]):
    def here(self, complaint: Complaint, now: datetime) -> Self:
        """Who has the page before his eyes at this moment."""
        return self.filter(complaint=complaint, at__gt=now - HERE_FOR)

    def unread(self, user: User, rows: list[Complaint]) -> set[int]:
        """Ids of those rows in which something happened since this person last looked."""
        looked = dict(self.filter(user=user, complaint__in=rows).values_list("complaint", "at"))
        return {
            row.pk
            for row in rows
            if (row.pk in looked and row.last_activity_at > looked[row.pk])
            or (row.pk not in looked and row.assignee_id == user.pk)
        }


class Look(models.Model):
    """When a person last had a complaint before his eyes: what happened since is unread."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="looks")
    at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint("user", "complaint", name="one_look_each"),)
        indexes = (models.Index(fields=["complaint", "at"], name="who_is_here"),)

    def __str__(self) -> str:
        return f"{self.user_id} → {self.complaint_id}"
