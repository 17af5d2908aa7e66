"""What somebody has to know of a chat that nobody answers."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from huiyin.ground.people.models import Team, User
from huiyin.journey.channels.chat.models.chats import Chat
from huiyin.journey.channels.chat.words import AlarmKind


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def of_limits(self) -> Self:
        return self.filter(kind__in=(AlarmKind.WARNED, AlarmKind.NEARLY, AlarmKind.MISSED))

    def untold(self) -> Self:
        return self.filter(told_at=None)


class Alarm(models.Model):
    """Once for each chat, kind and agent, so that finding it twice tells nobody twice."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="alarms", db_index=False)
    kind = models.CharField(max_length=10, choices=AlarmKind.choices)
    agent = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )  # who had it then
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                "chat", "kind", "agent", name="chat_alarm_once", nulls_distinct=False
            ),
        )
        indexes = (
            models.Index(fields=["id"], condition=Q(told_at=None), name="chat_alarms_untold"),
        )

    def __str__(self) -> str:
        return f"{self.chat_id} {self.kind}"
