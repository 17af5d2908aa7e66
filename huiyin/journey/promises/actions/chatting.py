"""Words to a visitor of a chat: read as a letter is, before they go out (`settings.CHAT_CHECK`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat.models import Chat, Line
from huiyin.journey.channels.chat.words import By
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel
from huiyin.journey.promises.actions.following import insist
from huiyin.journey.promises.actions.promising import promise
from huiyin.journey.promises.actions.reading import Chip, read
from huiyin.journey.promises.words import Origin


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


def enter_chat(event: Event) -> None:
    """Follow a chat that became a complaint: what we promised in it stands in the ledger.
    What could not go out was waived when it was said; what is over already is a promise no more."""
    uid = event.facts.get("chat")
    chat = Chat.objects.filter(uid=uid).first() if uid else None
    if chat is None:
        return
    said = chat.lines.filter(kind=By.AGENT, by__is_active=True).exclude(text="")
    for line in said.select_related("by"):
        _enter_line(event.complaint, line)


def _enter_line(complaint: Complaint, line: Line) -> None:
    writer = line.by
    if writer is None:
        return
    with moment.at(line.at):  # “tomorrow” is the day after it was said
        chips = read(writer, complaint, line.text)
    for place, chip in enumerate(chips):
        due = chip.due_at
        if chip.fault or chip.by_offer or chip.known or due is None or due <= moment.now():
            continue
        promise(
            complaint,
            by=writer,
            kind=chip.found.kind,
            what=chip.what,
            amount_fen=chip.found.amount_fen,
            due_at=due,
            source=f"{Origin.REPLY}:chat{line.pk}{f'.{place}' if place else ''}",
            sentence=chip.found.sentence,
            authority=chip.authority,
        )
