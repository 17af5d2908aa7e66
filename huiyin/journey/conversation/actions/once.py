"""What is sent again because its answer was lost is one message.

A page and a program name each sending with a key of their own; under it they get what it became.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.once import body_hash, key_fault
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Message, Once
from huiyin.journey.conversation.words import LetterState

LOCK = 20_441  # of the advisory locks: sendings under one key one after the other
PORTION = 5000


@transaction.atomic
def once(
    complaint: Complaint,
    *,
    by: User,
    key: str,
    body: Mapping[str, object],
    write: Callable[[], Message],
) -> tuple[Message, bool]:
    """What `write` writes, and whether it did so now; of two at once the second waits and finds
    what became of the first. Without a key it is written. Raises Refused when other words were
    written under this key: whoever sends them has changed them since. What was taken back in
    between was never said, so it is written again."""
    if not key:
        return write(), True
    if fault := key_fault(key):
        raise Invalid(fault, **{"Idempotency-Key": fault})
    digest = body_hash({**body, "complaint": str(complaint.pk)})
    _one_by_one(by, key)
    kept = Once.objects.select_related("message__letter").filter(by=by, key=key).first()
    if kept is None:
        message = write()
        Once.objects.create(by=by, key=key, body_hash=digest, message=message, at=moment.now())
        return message, True
    if kept.body_hash != digest:
        raise Refused(
            _("刚才那一次其实已经写下了，内容与这次不同：请先看往来里的那条，再决定是否发送")
        )
    if _was_taken_back(kept.message):
        kept.message = write()
        kept.save(update_fields=["message"])
        return kept.message, True
    return kept.message, False


def forget_sent() -> int:
    """Keys that nobody sends again: a page or a program does so within minutes, a draft that was
    left within days. In portions, so that no row is held for long."""
    old = Once.objects.filter(at__lt=moment.now() - timedelta(days=settings.ONCE_DAYS))
    gone = 0
    while found := list(old.values_list("pk", flat=True)[:PORTION]):
        gone += Once.objects.filter(pk__in=found).delete()[0]
    return gone


def _one_by_one(by: User, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, f"{by.pk}:{key}"])


def _was_taken_back(message: Message) -> bool:
    letter = getattr(message, "letter", None)
    return letter is not None and letter.state in (LetterState.UNDONE, LetterState.CANCELLED)
