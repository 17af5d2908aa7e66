"""Taking mail from a mail server of the house: LMTP or SMTP, for our own addresses only.

It answers 250 when the mail is committed, never before; 451 makes the other side try again.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from huiyin.journey.channels.mail.actions.keeping import keep
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.words import Source

logger = logging.getLogger(__name__)

LONGEST_LINE = 1024 * 1024  # bytes; some programs write a whole page into one line
MOST_RECIPIENTS = 20
TAG = "+"


class _Patient(SMTP):
    line_length_limit = LONGEST_LINE


class _PatientLMTP(LMTP):
    line_length_limit = LONGEST_LINE


class Handler:
    """What is said to a server that brings a mail."""

    def __init__(self, *, lmtp: bool) -> None:
        # LMTP wants an answer for each recipient; one at a time is allowed by every server.
        self.most = 1 if lmtp else MOST_RECIPIENTS
        self.worker = ThreadPoolExecutor(max_workers=2)

    async def handle_RCPT(  # noqa: N802 — the library's names
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= self.most:
            return "452 4.5.3 One recipient at a time, please"
        try:
            mailbox = await self._run(mailbox_of, address)
        except Exception:
            logger.exception("cannot look up a mailbox")
            return "451 4.3.0 Try again later"
        if mailbox is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        try:
            await self._run(_keep, envelope)
        except Exception:
            logger.exception("a mail could not be kept; the other side will try again")
            return "451 4.3.0 Not kept, try again later"
        return "250 2.0.0 Kept"

    async def _run(self, act: Any, *args: Any) -> Any:
        def in_thread() -> Any:
            close_old_connections()
            return act(*args)

        return await asyncio.get_running_loop().run_in_executor(self.worker, in_thread)


def mailbox_of(address: str) -> Mailbox | None:
    """Ours, also with something behind a plus."""
    local, _at, domain = address.strip("<> ").lower().rpartition("@")
    plain = f"{local.partition(TAG)[0]}@{domain}"
    wanted = {plain, f"{local}@{domain}"}
    return Mailbox.objects.filter(enabled=True, address__in=wanted).first() or next(
        (box for box in Mailbox.objects.filter(enabled=True) if box.address.lower() in wanted), None
    )


def _keep(envelope: Envelope) -> None:
    """Once for each mailbox of ours; a mail to two of them counts once all the same."""
    sender = (envelope.mail_from or "").strip("<> \r\n")
    recipient = " ".join(envelope.rcpt_tos[0].split())
    head = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode("utf-8", "replace")
    content = envelope.content if isinstance(envelope.content, bytes) else b""
    keep(head + content, source=Source.SMTP, mailbox=mailbox_of(envelope.rcpt_tos[0]))


def controller(host: str, port: int, *, lmtp: bool) -> Controller:
    """Not yet started."""
    kind = _PatientLMTP if lmtp else _Patient

    class _Controller(Controller):
        def factory(self) -> SMTP:
            return kind(
                self.handler,
                data_size_limit=settings.MAIL_LARGEST,
                enable_SMTPUTF8=True,
                decode_data=False,
                ident="Huiyin",
            )

    return _Controller(Handler(lmtp=lmtp), hostname=host, port=port)
