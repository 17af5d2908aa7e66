"""What the child is told and may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Of one child: seconds of CPU, seconds altogether, bytes of memory, and of what it draws."""

    cpu: int = 40
    wall: float = 90.0
    memory: int = 800 * 1024 * 1024  # addresses
    resident: int = 800 * 1024 * 1024  # of them really held
    pixels: int = 80_000_000  # of one page as it came: A3 at 600 dots an inch has 70 million
    leaves: int = 200
    side: int = 1640  # the longer side of a picture that people look at
    thumb: int = 240


USUAL = Limits()
