"""How often a visitor may knock, counted in the memory of the process: against noise, since the
token has 256 bits and what is said is kept in the database."""

from __future__ import annotations

from django.core.cache import cache

from huiyin.ground.refusal import TooMany
from huiyin.ground.sentence import sentence as _

# kind → (so many, in so many seconds). An office or a mobile network may share an address.
LIMITS = {
    "begin": (60, 3600),
    "message": (20, 3600),
    "known": (600, 3600),
    "wrong": (120, 3600),
    "say": (40, 60),
    "file": (20, 600),
    "sign": (240, 60),  # typing, seen, rating
    "read": (240, 60),
    "copy": (10, 3600),
}


def count(kind: str, whose: object) -> None:
    """Once more; refused over the limit."""
    most, seconds = LIMITS[kind]
    key = f"chat:{kind}:{whose}"
    cache.add(key, 0, seconds)
    try:
        times = cache.incr(key)
    except ValueError:  # it expired in this very moment
        return
    if times > most:
        raise TooMany(_("操作太频繁，请稍后再试"))
