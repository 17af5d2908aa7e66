"""What every channel says of itself."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Health

WORST = ("bad", "warn", "good", "off")


def rows(user: User) -> list[Health]:
    """The rows of all channels, each channel's together, as it orders them."""
    found: list[Health] = []
    for name in settings.CHANNELS:
        of_channel: Callable[[User], list[Health]] = import_string(name)
        found += of_channel(user)
    return found


def narrowed(found: list[Health], *, q: str, state: str) -> list[Health]:
    q = q.strip().lower()
    return [
        one
        for one in found
        if (not q or q in one.name.lower() or q in str(one.kind).lower())
        and (not state or one.state == state)
    ]
