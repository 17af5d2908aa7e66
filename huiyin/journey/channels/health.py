"""How a channel is: a row of the page of channels. Each gives its own (`settings.CHANNELS`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Figure:
    """“等待发送 3”, and the rows it was counted from."""

    label: str
    count: int
    address: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Health:
    name: str
    kind: str
    icon: str
    state: str  # good, warn, bad, off
    words: str
    came_at: datetime | None = None  # last success of each way
    left_at: datetime | None = None
    figures: tuple[Figure, ...] = ()
    faults: tuple[str, ...] = ()
    test: str = ""  # the address that a test is asked by
    leads_to: str = ""  # where it is set up
