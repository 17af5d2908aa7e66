"""Systems that do not come to us: we go and ask, one worker at a time each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction

from huiyin.journey.channels.hooks.connector import connector_of
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.conversation.actions import Undelivered

logger = logging.getLogger(__name__)
LOCK = 20_422  # of the advisory locks


def lanes_of_polling() -> dict[str, Callable[[], int]]:
    """Every system that is asked, each by itself."""
    return {hook.code: partial(poll, hook) for hook in _asked()}


def poll_due() -> int:
    """Every system that is asked; one that fails holds up no other."""
    return sum(poll(hook) for hook in _asked())


def _asked() -> list[Hook]:
    return [one for one in Hook.objects.in_use() if hasattr(connector_of(one.connector), "poll")]


def poll(hook: Hook) -> int:
    connector: Any = connector_of(hook.connector)
    found = 0
    try:
        with transaction.atomic():
            if _alone(hook):
                found = connector.poll(Hook.objects.get(pk=hook.pk))
                Hook.objects.filter(pk=hook.pk).update(came_error="")
    except Undelivered as missed:
        Hook.objects.filter(pk=hook.pk).update(came_error=str(missed))
    except Exception as error:
        logger.exception("hook %s could not be asked", hook.pk)
        Hook.objects.filter(pk=hook.pk).update(came_error=type(error).__name__)
    return found


def _alone(hook: Hook) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, hook.pk])
        return bool(cursor.fetchone()[0])
