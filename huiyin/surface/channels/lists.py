"""What every channel says of itself, and what was found when it was tried."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Health
from huiyin.surface.channels.models import Trial

logger = logging.getLogger(__name__)

WORST = ("bad", "warn", "good", "off")
PAGE = 50


def rows(user: User) -> list[Health]:
    """The rows of all channels: those that need somebody first, else as channels order them."""
    found = [row for name in settings.CHANNELS for row in _of_channel(name, user)]
    return sorted(found, key=lambda row: WORST.index(row.state))


def _of_channel(name: str, user: User) -> list[Health]:
    """One that cannot even say how it is hides none of the others."""
    of_channel: Callable[[User], list[Health]] = import_string(name)
    try:
        return of_channel(user)
    except Exception:
        logger.exception("The health of %s could not be told", name)
        place = name.rsplit(".", 3)[1]
        words = _("读不到它的状态，请查看系统日志")
        return [Health(f"unknown-{place}", place, _("渠道"), "radio-tower", "bad", words)]


def row_of(user: User, key: str) -> Health:
    """The row of this key; none: it is not there, or not any more."""
    found = next((row for row in rows(user) if row.key == key), None)
    if found is None:
        raise Http404
    return found


def narrowed(found: list[Health], *, q: str, state: str) -> list[Health]:
    q = q.strip().lower()
    return [
        one
        for one in found
        if (not q or q in one.name.lower() or q in str(one.kind).lower())
        and (not state or one.state == state)
    ]


def last_trials(keys: Iterable[str]) -> dict[str, Trial]:
    """By key what was found when it was tried last."""
    done = Trial.objects.filter(key__in=list(keys)).exclude(ended_at=None)
    last = done.order_by("key", "-pk").distinct("key").select_related("by")
    return {one.key: one for one in last}


@dataclass(frozen=True)
class Asked:
    """Which trials: what cannot be asked for is as if it had not been."""

    q: str = ""
    key: str = ""
    found: str = ""  # well, bad
    before: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.key or self.found)


def read(typed: dict[str, str]) -> Asked:
    before, found = typed.get("before", ""), typed.get("found", "")
    return Asked(
        q=typed.get("q", "").replace("\x00", "").strip()[:80],
        key=typed.get("key", "").replace("\x00", "")[:60],
        found=found if found in ("well", "bad") else "",
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < 18
        else None,
    )


def trials(asked: Asked) -> tuple[list[Trial], int | None]:
    """One page, the newest first; and where to go on."""
    found = Trial.objects.exclude(ended_at=None).select_related("by")
    if asked.q:
        found = found.filter(name__icontains=asked.q)
    if asked.key:
        found = found.filter(key=asked.key)
    if asked.found:
        found = found.filter(well=asked.found == "well")
    if asked.before:
        found = found.filter(pk__lt=asked.before)
    some = list(found.order_by("-pk")[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None
