"""A connection to an IMAP server: encrypted and verified, signed in, with an end to every wait."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from huiyin.ground.sealing import unseal
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.oauth import access_token
from huiyin.journey.channels.mail.actions.tls import is_this_machine
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.words import Login, Security
from huiyin.journey.conversation.actions import Undelivered

ANSWER_SECONDS = 20.0  # for one answer of the server
WHOLE_SECONDS = 600.0  # for one visit, however slowly it drips

# 163 and 126 (NetEase) let nobody select a folder who has not said who he is (RFC 2971).
imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))  # type: ignore[attr-defined]
WHO = '("name" "huiyin" "vendor" "huiyin" "version" "1.0" "support-email" "")'


class Unreachable(Undelivered):
    """It cannot be fetched from; the sentence says what to look at."""


@contextmanager
def connected(mailbox: Mailbox, *, seconds: float = WHOLE_SECONDS) -> Iterator[BaseMailBox]:
    """Signed in, with the folder open. Whatever hangs is cut off after `seconds`."""
    box = _open(mailbox, min(ANSWER_SECONDS, seconds))
    watch = threading.Timer(seconds, _cut_off, (box,))
    watch.daemon = True
    watch.start()
    try:
        _sign_in(box, mailbox)
        _say_who(box)
        try:
            box.folder.set(mailbox.folder)
        except MailboxFolderSelectError as error:
            sentence = _("服务器上没有文件夹 %(folder)s，请检查名称")
            raise Unreachable(sentence % {"folder": mailbox.folder}) from error
        yield box
    finally:
        watch.cancel()
        with contextlib.suppress(Exception):  # it may be gone already
            box.logout()
        with contextlib.suppress(Exception):
            box.client.shutdown()


def _open(mailbox: Mailbox, seconds: float) -> BaseMailBox:
    host, port = mailbox.imap_host, mailbox.imap_port
    if mailbox.imap_security == Security.TLS:
        context = ssl.create_default_context()
        return MailBox(host, port, timeout=seconds, ssl_context=context)
    if mailbox.imap_security == Security.STARTTLS:
        context = ssl.create_default_context()
        return MailBoxStartTls(host, port, timeout=seconds, ssl_context=context)
    if not is_this_machine(host):
        raise Unreachable(_("不加密只能用于本机的服务器，请改用 TLS 或 STARTTLS"))
    return MailBoxUnencrypted(host, port, timeout=seconds)


def _sign_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    try:
        _say_name_and_secret(box, mailbox)
    except MailboxLoginError as error:
        said = error.command_result[1][-1] or b""
        raise imaplib.IMAP4.error(f"login: {said.decode('utf-8', 'replace')}") from error


def _say_name_and_secret(box: BaseMailBox, mailbox: Mailbox) -> None:
    name = mailbox.username or mailbox.address
    if mailbox.login == Login.OAUTH2:
        box.xoauth2(name, access_token(mailbox), initial_folder=None)
        return
    secret = unseal(mailbox.secret)
    if (name + secret).isascii():
        box.login(name, secret, initial_folder=None)
    else:
        box.login_utf8(name, secret, initial_folder=None)


def _say_who(box: BaseMailBox) -> None:
    if can(box, "ID"):
        with contextlib.suppress(imaplib.IMAP4.error):
            box.client._simple_command("ID", WHO)  # type: ignore[attr-defined]


def can(box: BaseMailBox, what: str) -> bool:
    """What it can do now; before the sign-in many servers tell less."""
    _ok, said = box.client.capability()
    return (
        what in b" ".join(line for line in said if line).decode("ascii", "replace").upper().split()
    )


def has_news(box: BaseMailBox, seconds: float) -> bool:
    """Wait until the server tells of a new mail (IDLE, RFC 2177). False when none was told in
    time, or the connection broke meanwhile: it is good for nothing then but to be ended.

    Lines are read whole, however they drip. imap_tools takes what is there at one moment, and half
    a line for a broken connection.
    """
    client = box.client
    client.noop()  # some tell only when asked, and nothing of before once they wait
    if client.untagged_responses.pop("EXISTS", None):
        time.sleep(1)  # told since the last search; a server that tells always is asked seldom
        return True
    patience, ends = client.sock.gettimeout(), time.monotonic() + seconds
    tag, begun = client._command("IDLE"), False  # type: ignore[attr-defined]
    try:
        while not (begun and "EXISTS" in client.untagged_responses):
            client.sock.settimeout(max(0.001, ends - time.monotonic()))
            begun = client._get_response() is None or begun  # type: ignore[attr-defined]
            if client.tagged_commands[tag]:  # type: ignore[attr-defined]
                return False  # it cannot, whatever it said before
        client.sock.settimeout(patience)
        client.send(b"DONE\r\n")
        box.consume_until_tagged_response(tag)
    except (imaplib.IMAP4.abort, OSError):
        return False
    return True


def _cut_off(box: BaseMailBox) -> None:
    with contextlib.suppress(Exception):
        box.client.shutdown()
