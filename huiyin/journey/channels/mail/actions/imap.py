"""Signing in at an IMAP server, and nothing else: whether mail could be fetched."""

from __future__ import annotations

import contextlib
import imaplib

from huiyin.ground.sealing import unseal
from huiyin.journey.channels.mail.actions.oauth import access_token, xoauth2
from huiyin.journey.channels.mail.actions.tls import context_for
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.words import Login, Security

SECONDS = 15.0


def ask(mailbox: Mailbox) -> None:
    context = context_for(mailbox.imap_security, mailbox.imap_host)
    host, port = mailbox.imap_host, mailbox.imap_port
    server: imaplib.IMAP4
    if mailbox.imap_security == Security.TLS:
        server = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS)
    else:
        server = imaplib.IMAP4(host, port, timeout=SECONDS)
    try:
        if mailbox.imap_security == Security.STARTTLS:
            server.starttls(ssl_context=context)
        name = mailbox.username or mailbox.address
        if mailbox.login == Login.OAUTH2:
            said = xoauth2(name, access_token(mailbox)).encode()
            server.authenticate("XOAUTH2", lambda _challenge: said)
        else:
            server.login(name, unseal(mailbox.secret))
        answer, _data = server.select(_quoted(mailbox.folder), readonly=True)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"no such folder: {mailbox.folder}")
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _quoted(folder: str) -> str:
    inside = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
