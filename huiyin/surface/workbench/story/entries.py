"""The lines of a story: what one of them can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.recordings.models import Quote
from huiyin.journey.conversation.models import Evidence, Part
from huiyin.journey.conversation.words import PartState

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
LARGEST_PREVIEW = 8 * 1024 * 1024


@dataclass
class File:
    """Evidence as the story shows it."""

    evidence: Evidence
    is_open: bool = True  # to this reader: what is sensitive is not for all who see the complaint
    part: Part | None = None  # how far it is, of a reply that leaves as several messages
    is_given_up: bool = False  # nobody tries to send it any more

    @property
    def is_missing(self) -> bool:
        """Whether the customer has not got it, as far as anybody knows."""
        return self.part is not None and (self.part.is_missing or self._is_left)

    @property
    def travels(self) -> str:
        """How far it is on its way, in a word."""
        if self.part is None:
            return ""
        if self._is_left:
            waited = self.part.state == PartState.WAITING
            return str((PartState.FAILED if waited else PartState.UNKNOWN).label)
        return str(self.part.get_reach_display() or self.part.get_state_display())

    @property
    def _is_left(self) -> bool:
        tried = (PartState.WAITING, PartState.BEGUN)
        return self.is_given_up and self.part is not None and self.part.state in tried

    @property
    def is_sound(self) -> bool:
        return self.evidence.media_type.startswith("audio/")

    @property
    def is_picture(self) -> bool:
        one = self.evidence
        return self.is_open and one.media_type in PICTURES and one.size <= LARGEST_PREVIEW


@dataclass
class Delivery:
    """How far a reply by mail is, as the story tells it."""

    icon: str
    words: str
    message: int
    said: str = ""  # by the server, when something is wrong
    is_bad: bool = False
    leaves_at: datetime | None = None  # as long as it can be taken back
    may_undo: bool = False
    may_resend: bool = False


@dataclass
class Entry:
    at: datetime
    kind: str  # inbound, outbound, note, file, event, fold
    key: str
    by: str
    text: str = ""
    icon: str = ""
    channel: str = ""
    files: list[File] = field(default_factory=list)
    first: bool = False  # the complaint itself
    delivery: Delivery | None = None  # of a reply by mail
    mail: Mail | None = None  # what the customer's words came by
    names: str = ""  # an earlier complaint that this mail names without proof
    quote: Quote | None = None  # the place in a recording that a note holds up
    by_machine: bool = False
    mine: bool = False
    unread: bool = False
    first_unread: bool = False
    inside: list[Entry] = field(default_factory=list)  # of a fold
    leads_to: str = ""  # the page of what the line tells of
    chat: str = ""  # the UUID of the chat that it tells of

    @property
    def group(self) -> str:
        """Under which filter of the story it stands."""
        groups = {"note": "note", "file": "file", "event": "event", "fold": "event"}
        return groups.get(self.kind, "talk")
