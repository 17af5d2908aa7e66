"""What outside systems tell is kept and committed before it is acknowledged; twice is once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.hooks import rules
from huiyin.journey.channels.hooks.actions.taking import take_now
from huiyin.journey.channels.hooks.connector import Request, Unsigned, Verified, connector_of
from huiyin.journey.channels.hooks.models import Arrival, Hook

LARGEST = 2 * 1024 * 1024  # bytes of one message; files are fetched by themselves
LONGEST_KEY = 160


def received(code: str, request: Request) -> tuple[int, str, Verified | None]:
    """Status and words for whoever tells: a program, which gets no page."""
    try:
        return 200, "", receive(code, request)
    except Refused as refused:
        return refused.status_code, str(refused.sentence), None


def receive(code: str, request: Request) -> Verified:
    """Verify and keep. Unknown systems and wrong signatures are answered alike."""
    if len(request.body) > LARGEST:
        raise Invalid(_("内容太大"))
    hook = Hook.objects.in_use().filter(code=code).first()
    connector = connector_of(hook.connector) if hook is not None else None
    if hook is None or connector is None:
        raise NotPermitted(_("签名不正确，或时间相差超过 5 分钟"))
    try:
        verified = connector.verify(hook, request, moment.now())
    except Unsigned as error:
        raise NotPermitted(_("签名不正确，或时间相差超过 5 分钟")) from error
    if verified.key:
        keep(hook, verified.key, request.body, verified.facts)
        if verified.at_once:
            take_now(hook, verified.key)
    return verified


@transaction.atomic
def keep(hook: Hook, key: str, raw: bytes, facts: dict[str, Any] | None = None) -> None:
    """Onto the disk, under the name that the other side gives it; the same again is nothing new."""
    keep_more(hook, [(key, raw, facts or {})])
    Hook.objects.filter(pk=hook.pk).update(came_ok_at=moment.now())


def keep_more(hook: Hook, found: Iterable[tuple[str, bytes, dict[str, Any]]]) -> None:
    """The same for many that were fetched together; in the caller's transaction."""
    now = moment.now()
    Arrival.objects.bulk_create(
        [
            Arrival(
                hook=hook,
                key=known_by(key),
                raw=raw,
                facts=rules.unread(facts),
                received_at=now,
                next_try_at=now,
            )
            for key, raw, facts in found
        ],
        ignore_conflicts=True,
    )


def known_by(key: str) -> str:
    """A name that fits its column: one that is too long, or cannot be stored, by its hash."""
    if len(key) <= LONGEST_KEY and "\x00" not in key:
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
