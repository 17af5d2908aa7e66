"""How a channel is: a row of the page of channels. Each gives its own (`settings.CHANNELS`).

A row says by itself what its ways are called, what was counted and where those rows are, what went
wrong last and when, and how it is tried: `attempt` really does what the channel does, of which no
customer sees anything, within ten seconds. It answers with a sentence, or raises Refused with one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

LONGEST_TEST = 8.0  # seconds that whatever is asked outside may take together


@dataclass(frozen=True)
class Figure:
    """“等待发送 3”, and the rows it was counted from; no address: who looks may not see them."""

    label: str
    count: int
    address: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Fault:
    """What went wrong last, as a sentence, and when."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Health:
    key: str  # “mailbox-3”: what it is asked for by, and its tests are kept under
    name: str
    kind: str
    icon: str
    state: str  # good, warn, bad, off
    words: str
    # What the last success of each way is called (“最近收到”); "": there is no such way.
    comes: str = ""
    came_at: datetime | None = None
    leaves: str = ""
    left_at: datetime | None = None
    figures: tuple[Figure, ...] = ()
    faults: tuple[Fault, ...] = ()
    attempt: Callable[[], str] | None = None
    leads_to: str = ""  # where it is set up

    @property
    def can_be_tried(self) -> bool:
        """A template that only named `attempt` would call it."""
        return self.attempt is not None
