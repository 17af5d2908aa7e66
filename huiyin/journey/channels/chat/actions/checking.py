"""What is said to a visitor binds us as a letter would: read for promises before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.ground.people.models import User
from huiyin.journey.channels.chat.models import Chat


def check(chat: Chat, *, by: User, text: str, waived: Sequence[str] = ()) -> None:
    """Refused when it promises what cannot be promised. The stage of promises comes later on the
    road than chats, so it is loaded by name (`settings.CHAT_CHECK`)."""
    if not text.strip() or not settings.CHAT_CHECK:
        return
    judge: Callable[..., None] = import_string(settings.CHAT_CHECK)
    judge(chat, by=by, text=text, waived=waived)
