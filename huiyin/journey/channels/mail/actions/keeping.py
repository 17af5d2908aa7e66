"""Keeping a mail: byte for byte, committed before whoever brought it is told that we have it."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction

from huiyin.ground import moment
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.words import MailState


def keep(
    raw: bytes,
    *,
    source: str,
    mailbox: Mailbox | None = None,
    uidvalidity: int | None = None,
    uid: int | None = None,
    size: int | None = None,
    held_for: str = "",
) -> Mail | None:
    """Keep it; None when this very mail of the server is here already. When this returns it is
    committed, so it is refused inside of another transaction (durable).

    `held_for`: why not all of it is here (too large); a person looks at it.
    """
    now = moment.now()
    mail = Mail(
        mailbox=mailbox,
        source=source,
        uidvalidity=uidvalidity,
        uid=uid,
        raw=raw,
        size=len(raw) if size is None else size,
        sha256=hashlib.sha256(raw).hexdigest(),
        received_at=now,
        next_try_at=now,
        state=MailState.HELD if held_for else MailState.KEPT,
        reason=held_for,
    )
    try:
        with transaction.atomic(durable=True):
            mail.save(force_insert=True)
    except IntegrityError:  # mail_once: fetched before, or by another at this moment
        return None
    return mail
