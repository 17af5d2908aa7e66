"""What a supervisor has to know of a chat: written down once, told by the notices."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

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


def alarm_at_once(chat: Chat, kind: AlarmKind, *, agent: User | None = None) -> None:
    """The same, told right after commit and not by the next look. Notices come later on the road
    than chats, so they are loaded by name (`settings.CHAT_ALARMS`); what fails is told by the look.
    """
    alarm(chat, kind, agent=agent)
    if settings.CHAT_ALARMS:
        tell: Callable[[], object] = import_string(settings.CHAT_ALARMS)
        transaction.on_commit(tell, robust=True)
