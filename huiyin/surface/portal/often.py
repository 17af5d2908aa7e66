"""How often somebody knocked, counted in memory: a GET must not write, a lost count is nothing."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from huiyin.ground.web.http import client_address
from huiyin.surface.portal.rules import network_of

HOUR = 3600


def too_often(request: HttpRequest, kind: str, most: int) -> bool:
    """Whether this network did it more than `most` times within an hour."""
    key = f"{kind}:{network_of(client_address(request))}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # it expired in this very moment
        return False
