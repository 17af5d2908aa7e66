"""What was said: messages with their files, and how they travelled."""

from __future__ import annotations

from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings.actions import address_of
from huiyin.journey.conversation.models import Evidence, Message
from huiyin.surface.workbench.story.entries import Entry, File
from huiyin.surface.workbench.story.travelling import delivery_of


def said_in(message: Message, files: list[Evidence], reader: User | None) -> Entry:
    quote = getattr(message, "quote", None)
    return Entry(
        at=message.at,
        kind=message.kind,
        key=f"m{message.pk}",
        by=message.by.shown_name,
        text=message.text,
        channel=message.get_channel_display() if message.channel else "",
        files=[File(one) for one in files],
        delivery=delivery_of(message, reader),
        mail=getattr(message, "mail", None),
        quote=quote,
        leads_to=address_of(quote) if quote else "",
        by_machine=message.by.is_system,
        mine=reader is not None and message.by_id == reader.pk,
    )
