"""Figures over open rows, kept for some seconds for whoever reads the very same rows.

A count costs as much as there is open work. Asked for once in five seconds instead of with every
page, it costs next to nothing however much is open. Each web process keeps its own, so a figure is
never older than that, whoever acted and wherever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet

from huiyin.journey.complaint.models import ComplaintQuerySet

FRESH_FOR = 5  # seconds; live.js asks once more when they are over

Figures = TypeVar("Figures")


def kept(name: str, seen: ComplaintQuerySet, read: Callable[[], Figures]) -> Figures:
    """What `read` finds in the rows of `seen`, or found there a moment ago.

    Its key is the condition itself that picks the rows, with all its values: who may see other rows
    has another key, and a person whose sight has changed has another one from then on.
    """
    key = f"kept:{name}:{hashlib.sha256(condition_of(seen).encode()).hexdigest()}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, FRESH_FOR)
    return found


def condition_of(seen: ComplaintQuerySet) -> str:
    """The condition that picks these rows, with its values; "" of whoever may see none."""
    try:
        return repr(seen.order_by().values("pk").query.sql_with_params())
    except EmptyResultSet:
        return ""
