"""Folders that gateways put texts into."""

from __future__ import annotations

import logging

from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.connectors import files

logger = logging.getLogger(__name__)


def look_into_folders() -> int:
    """Every folder in use; one that fails holds up no other."""
    found = 0
    for hook in Hook.objects.in_use().filter(connector="sms_files"):
        try:
            found += files.look(hook)
        except OSError as error:
            logger.warning("folder of hook %s: %s", hook.pk, error)
            Hook.objects.filter(pk=hook.pk).update(came_error=str(error)[:300])
    return found
