"""One mail to one recipient over SMTP: TLS verified, within limits of time."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator

from huiyin.ground.database import let_go
from huiyin.ground.sealing import unseal
from huiyin.journey.channels.mail.actions.oauth import access_token, xoauth2
from huiyin.journey.channels.mail.actions.tls import context_for
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.words import Login, Security

SECONDS = 15.0  # until a server must have answered
WHOLE_SECONDS = 120.0  # however slowly it drips; a letter of 20 MB takes its time


def deliver(mailbox: Mailbox, recipient: str, data: bytes) -> str:
    """Hand it over; what the server said to it."""
    let_go()
    with connected(mailbox) as server:
        refused = server.sendmail(mailbox.address, [recipient], data)
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)
        return ""


def ask(mailbox: Mailbox, seconds: float = SECONDS) -> None:
    """Connect and sign in, and nothing else: whether it would send."""
    with connected(mailbox, seconds) as server:
        server.noop()


@contextlib.contextmanager
def connected(mailbox: Mailbox, seconds: float = WHOLE_SECONDS) -> Iterator[smtplib.SMTP]:
    """Whatever hangs is cut off after `seconds`."""
    server = _opened(mailbox, min(SECONDS, seconds))
    watch = threading.Timer(seconds, _cut, [server])
    watch.daemon = True
    watch.start()
    try:
        if mailbox.smtp_security == Security.STARTTLS:
            server.starttls(context=context_for(mailbox.smtp_security, mailbox.smtp_host))
        _sign_in(server, mailbox)
        yield server
    finally:
        watch.cancel()
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _opened(mailbox: Mailbox, seconds: float) -> smtplib.SMTP:
    context = context_for(mailbox.smtp_security, mailbox.smtp_host)
    own = mailbox.address.rpartition("@")[2]
    if mailbox.smtp_security == Security.TLS:
        return smtplib.SMTP_SSL(
            mailbox.smtp_host, mailbox.smtp_port, own, timeout=seconds, context=context
        )
    return smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, own, timeout=seconds)


def _cut(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with contextlib.suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _sign_in(server: smtplib.SMTP, mailbox: Mailbox) -> None:
    if mailbox.login == Login.OAUTH2:
        said = xoauth2(mailbox.username or mailbox.address, access_token(mailbox))
        server.ehlo_or_helo_if_needed()
        server.auth("XOAUTH2", lambda _challenge=None: said)
        return
    password = unseal(mailbox.secret)
    if mailbox.username and password:
        server.login(mailbox.username, password)
