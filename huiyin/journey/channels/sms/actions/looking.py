"""Folders that gateways put texts into."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from huiyin.ground.sentence import told_by
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.connectors import files

logger = logging.getLogger(__name__)
LOCK = 20_432  # of the advisory locks


def lanes_of_folders() -> dict[str, Callable[[], int]]:
    """Every folder in use, each by itself: one may lie on a disk that hangs."""
    return {hook.code: partial(look, hook) for hook in _in_use()}


def look_into_folders() -> int:
    """Every folder in use; one that fails holds up no other."""
    return sum(look(hook) for hook in _in_use())


def _in_use() -> list[Hook]:
    return list(Hook.objects.in_use().filter(connector="sms_files"))


def look(hook: Hook) -> int:
    try:
        with _alone(hook) as mine:
            return files.look(hook) if mine else 0
    except OSError as error:
        logger.warning("folder of hook %s: %s", hook.pk, error)
        Hook.objects.filter(pk=hook.pk).update(came_error=told_by(error))
        return 0


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
