"""What was said: messages with their files, and how they travelled."""

from __future__ import annotations

from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings.actions import address_of
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.journey.conversation.words import LetterState
from huiyin.surface.workbench.story.entries import Entry, File
from huiyin.surface.workbench.story.travelling import delivery_of


def _files(message: Message, brought: list[Evidence]) -> list[File]:
    """Brought with the message, or chosen to go with it; each with how far it is."""
    letter = getattr(message, "letter", None)
    if letter is None:
        return [File(one) for one in brought]
    there = {one.pk for one in brought}
    chosen = [one for one in letter.attached.all() if one.pk not in there]
    parts = {part.evidence_id: part for part in letter.parts.all() if part.place}
    over = letter.state not in (LetterState.QUEUED, LetterState.SENT)
    return [File(one, part=parts.get(one.pk), is_given_up=over) for one in (*brought, *chosen)]


def said_in(message: Message, files: list[Evidence], reader: User | None) -> Entry:
    quote = getattr(message, "quote", None)
    return Entry(
        at=message.at,
        kind=message.kind,
        key=f"m{message.pk}",
        by=message.by.shown_name,
        text=message.text,
        channel=message.get_channel_display() if message.channel else "",
        files=_files(message, files),
        delivery=delivery_of(message, reader),
        mail=getattr(message, "mail", None),
        quote=quote,
        leads_to=address_of(quote) if quote else "",
        by_machine=message.by.is_system,
        mine=reader is not None and message.by_id == reader.pk,
    )
