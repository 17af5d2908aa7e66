"""Judgement about links and proofs. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

LINK_DAYS = (1, 3, 7, 14)  # how long a link may live; the longer of the middle is proposed
LONGEST_WORDS = 300
LARGEST_DRAWING = 300_000  # bytes of a drawn signature
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)", re.ASCII)
PNG = b"\x89PNG\r\n\x1a\n"
MOMENT = re.compile(r"\d{1,3}:\d{2}")


def link_state(*, answered: bool, of_round: int, newest: int, open_offers: Collection[int]) -> str:
    """answered, updated (another round, or none of these is open any more), or open."""
    if answered:
        return "answered"
    if of_round != newest or not open_offers:
        return "updated"
    return "open"


def is_moment(place: str) -> bool:
    """Whether it says where in a recording: 03:12, 03:12–04:05."""
    return bool(MOMENT.match(place))


def drawing(sent: str) -> bytes | None:
    """A signature drawn on the page, as a picture; b"" for none, None for what is no picture."""
    import base64
    import binascii

    if not sent:
        return b""
    if len(sent) > LARGEST_DRAWING * 4 // 3 + 40:
        return None
    found = PICTURE.fullmatch(sent)
    if not found:
        return None
    try:
        raw = base64.b64decode(found[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if raw.startswith(PNG) and len(raw) <= LARGEST_DRAWING else None
