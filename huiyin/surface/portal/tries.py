"""How often a link was tried or saved from one address. Counted in memory: a GET must not write,
and a lost count costs nothing, since a token has 256 bits."""

from __future__ import annotations

from django.core.cache import cache

from huiyin.ground.refusal import TooMany
from huiyin.ground.sentence import sentence as _
from huiyin.surface.portal.rules import network_of

WRONG, SAVES = "wrong", "saves"
WRONG_AN_HOUR = 30
SAVES_AN_HOUR = 600  # a whole office may share an address
HOUR = 3600


def too_often(kind: str, address: str, most: int = WRONG_AN_HOUR) -> None:
    """Count once more; refused over the limit."""
    key = f"survey:{kind}:{network_of(address)}"
    cache.add(key, 0, HOUR)
    try:
        times = cache.incr(key)
    except ValueError:  # it expired in this very moment
        return
    if times > most:
        raise TooMany(_("尝试次数太多，请一小时后再试"))


def saves_too_often(address: str) -> None:
    too_often(SAVES, address, SAVES_AN_HOUR)
