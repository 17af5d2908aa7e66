"""What a supervisor has to know of a chat: written down once, told by the notices."""

from __future__ import annotations

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat.models import Alarm, Chat
from huiyin.journey.channels.chat.words import AlarmKind


def alarm(chat: Chat, kind: AlarmKind, *, agent: User | None = None) -> None:
    """Once for each chat, kind and agent, however often it is found."""
    Alarm.objects.bulk_create(
        [Alarm(chat=chat, kind=kind, agent=agent, team=chat.team, at=moment.now())],
        ignore_conflicts=True,
    )
