"""What the child is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# What the child says by the number it ends with: decoders write to stderr as they like.
SAID_FROM = 10
SAID = ("unreadable", "empty", "long", "rate", "memory")


class Unheard(Exception):  # noqa: N818 — an answer about the file, no error of ours
    """It was not listened to: unreadable, empty, long, rate, timeout, memory, cpu, large, fault;
    format: what would read it is not installed."""

    @property
    def why(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Limits:
    """Two hours at 8 kHz in two channels take some 30 s here; at 44.1 kHz a minute."""

    cpu: int = 240  # seconds of processor time
    wall: int = 600  # seconds by the clock
    memory: int = 512 * 1024 * 1024  # bytes of address space, libraries included
    seconds: int = 4 * 3600  # of sound
    channels: int = 16
    copy: int = 128 * 1024 * 1024  # bytes of a copy to play: four hours are some 90 MB


@dataclass(frozen=True)
class Heard:
    seconds: float
    channels: int  # as the file has
    rate: int
    format: str
    sha256: str  # of the bytes that were listened to
    doubts: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)  # rules.figures.measured
    cpu: float = 0.0
    peak: int = 0  # bytes


@dataclass(frozen=True)
class Copied:
    """What the original of a copy was."""

    format: str  # container and codec: AMR/AMRNB
    rate: int
    channels: int
    seconds: float
    sha256: str  # of the original's bytes that were read
    by: str  # which programs made the copy
    doubts: list[str] = field(default_factory=list)
    cpu: float = 0.0
    peak: int = 0  # bytes
