"""Tells every open stream that something happened in a chat. The one module of chats that knows
the transport; persist first, tell after.
"""

from __future__ import annotations

import json
import logging
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.words import ChatState
from huiyin.journey.complaint.live import tell_person

logger = logging.getLogger(__name__)

CHANNEL = "huiyin_chat"


def tell(chat: Chat, what: str, line: int = 0, side: str = "") -> None:
    """After commit: `line`, `state`, `seen`, `typing` or `page`, to whoever looks at this chat. A
    lost notice costs a late line, no more: streams look again by themselves."""
    if not settings.LIVE:
        return
    told = {
        "chat": chat.pk,
        "uid": str(chat.uid),
        "what": what,
        "line": line,
        "side": side,
        "agent": chat.agent_id,
        "team": chat.team_id,
    }
    transaction.on_commit(partial(_notify, json.dumps(told)))
    if what == "state" and chat.state == ChatState.OPEN and chat.answered_at is None:
        ring(chat)


def ring(chat: Chat) -> None:
    """After commit: whoever serves him hears of it on whichever page he is."""
    if chat.agent_id is not None:
        transaction.on_commit(partial(tell_person, chat.agent_id, "chat"))


def _notify(payload: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    except Exception:
        logger.warning("Could not announce a line of a chat")
