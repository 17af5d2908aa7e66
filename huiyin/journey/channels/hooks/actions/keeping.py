"""What outside systems tell is kept and committed before it is acknowledged; twice is once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks import rules
from huiyin.journey.channels.hooks.actions.taking import take_now
from huiyin.journey.channels.hooks.connector import Request, Unsigned, Verified, connector_of
from huiyin.journey.channels.hooks.models import Arrival, Hook, Used
from huiyin.journey.channels.hooks.words import ArrivalState

USED_KEPT_FOR = timedelta(minutes=15)  # longer than any time of signing is taken
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
    if verified.once and not _is_first(hook, verified.once, request):
        raise NotPermitted(_("签名不正确，或时间相差超过 5 分钟"))
    if verified.key:
        keep(hook, verified.key, request.body, verified.facts)
        if not verified.resealed and _is_another(hook, verified.key, request.body):
            raise Refused(_("这个编号已经用过，内容却不同：没有处理，留在接入记录里待人查看"))
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


@transaction.atomic
def _is_first(hook: Hook, once: str, request: Request) -> bool:
    """Whether this signature came with no other body before: whoever has seen it could put his own
    words under it, as long as its time is taken."""
    now = moment.now()
    Used.objects.filter(at__lt=now - USED_KEPT_FOR).delete()
    name = hashlib.sha256(once.encode("utf-8", "replace")).hexdigest()
    found = hashlib.sha256(request.method.encode() + b" " + request.body).hexdigest()
    Used.objects.bulk_create(
        [Used(hook=hook, name=name, sha256=found, at=now)], ignore_conflicts=True
    )
    return Used.objects.get(hook=hook, name=name).sha256 == found


@transaction.atomic
def _is_another(hook: Hook, key: str, raw: bytes) -> bool:
    """Whether other words are kept under this name. These are then kept too, for a person: they may
    be a mistake of the other side, which would be lost."""
    if not Arrival.objects.filter(hook=hook, key=known_by(key)).exclude(raw=raw).exists():
        return False
    why = _("编号 %(key)s 先前已收到，内容却不同：没有处理") % {"key": key}
    print_of = hashlib.sha256(raw).hexdigest()[:16]
    keep_more(hook, [(f"again:{key}:{print_of}", raw, {})])
    kept = Arrival.objects.filter(hook=hook, key=known_by(f"again:{key}:{print_of}"), tries=0)
    kept.update(state=ArrivalState.FAILED, error=why, tries=1)
    Hook.objects.filter(pk=hook.pk).update(came_error=why)
    return True


def known_by(key: str) -> str:
    """A name that fits its column: one that is too long, or cannot be stored, by its hash."""
    if len(key) <= LONGEST_KEY and "\x00" not in key:
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
