"""Answers to letters that are about something of a channel's own, as a chat is.

Whoever wrote such a letter is named in settings (`ASKERS`, by the purpose of the letter) with a
module of the functions of `Asker`: so the channel that an answer comes by knows nothing of the one
it is for. It asks only once the answer is proven to come from whom the letter went to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.conf import settings

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter


@dataclass(frozen=True)
class Answer:
    """What he says to it. `key`: always the same of the same answer, so that it counts once."""

    key: str
    text: str
    sender: str = ""
    files: Sequence[tuple[str, bytes]] = ()


class Asker(Protocol):
    def goes_on(self, letter: Letter) -> bool:
        """Whether what the letter was about takes an answer itself, just now."""

    def take(self, letter: Letter, answer: Answer) -> bool:
        """Take it in; False when it goes on no longer."""

    def complaint_of(self, letter: Letter) -> Complaint | None:
        """The complaint that it belongs to by now."""

    def became(self, letter: Letter, complaint: Complaint) -> None:
        """The answer became this complaint: what it was about goes with it."""

    def language_of(self, letter: Letter) -> str: ...


def asker_of(letter: Letter) -> Asker | None:
    named = settings.ASKERS.get(letter.purpose)
    return import_module(named) if named else None  # type: ignore[return-value]


def complaint_of(letter: Letter) -> Complaint | None:
    """Where an answer to it belongs: its own complaint, else what it was about belongs to."""
    if letter.complaint is not None or (asker := asker_of(letter)) is None:
        return letter.complaint
    return asker.complaint_of(letter)


def became(letter: Letter, complaint: Complaint) -> None:
    if (asker := asker_of(letter)) is not None:
        asker.became(letter, complaint)
