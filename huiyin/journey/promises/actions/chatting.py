"""Words to a visitor of a chat: read as a letter is, before they go out (`settings.CHAT_CHECK`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huiyin.ground.people.models import User
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.promises.actions.following import insist
from huiyin.journey.promises.actions.reading import Chip, read


def read_chat(user: User, chat: Chat, text: str, *, waived: Iterable[str] = ()) -> list[Chip]:
    """What is promised in it: measured by the complaint it belongs to, else by none."""
    return read(user, _complaint_of(chat), text, waived=waived)


def check_chat(chat: Chat, *, by: User, text: str, waived: Sequence[str] = ()) -> None:
    """Stop it with what is wrong, and with words that may go out."""
    insist(read_chat(by, chat, text, waived=waived))


def _complaint_of(chat: Chat) -> Complaint:
    """A chat that is no complaint yet is judged as one that nobody has decided anything about."""
    if chat.complaint is not None:
        return chat.complaint
    return Complaint(pk=0, category=chat.category, channel=Channel.CHAT, team=chat.team)
