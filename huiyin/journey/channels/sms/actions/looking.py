"""Folders that gateways put texts into."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.connectors import files

logger = logging.getLogger(__name__)
LOCK = 20_432  # of the advisory locks


def look_into_folders() -> int:
    """Every folder in use; one that fails holds up no other."""
    found = 0
    for hook in Hook.objects.in_use().filter(connector="sms_files"):
        try:
            with _alone(hook) as mine:
                found += files.look(hook) if mine else 0
        except OSError as error:
            logger.warning("folder of hook %s: %s", hook.pk, error)
            Hook.objects.filter(pk=hook.pk).update(came_error=str(error)[:300])
    return found


@contextmanager
def _alone(hook: Hook) -> Iterator[bool]:
    """Of two workers in one folder the second would put away, unread, what came under the name that
    the first has just kept. Of the session, not of a transaction: what is put away is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, hook.pk])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, hook.pk])
