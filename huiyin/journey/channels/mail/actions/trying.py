"""Whether a mailbox works: connect to its servers, sign in, say in a sentence what is wrong.

All that is asked is asked at the same time, so that whoever waits does not wait for the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import joined
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.health import LONGEST_TEST
from huiyin.journey.channels.mail import reading
from huiyin.journey.channels.mail.actions import connecting, smtp
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.rules import faults
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.journey.conversation.actions import Undelivered

LONGEST = LONGEST_TEST  # seconds that a person waits for an answer
MOST_ASKED = 20  # sending mailboxes of one try; the others have rows of their own


@dataclass(frozen=True)
class Tried:
    """What became of it; "" is well. None: there is no such server."""

    receiving: str | None = None
    sending: str | None = None

    @property
    def faults(self) -> list[str]:
        found = ((_("收信"), self.receiving), (_("发信"), self.sending))
        return [_by(way, fault) for way, fault in found if fault]

    @property
    def words(self) -> str:
        """What was found, good or bad."""
        if self.faults:
            return joined(self.faults)
        if self.receiving is None:
            return _("发信服务器连接和登录正常")
        if self.sending is None:
            return _("收信服务器连接和登录正常")
        return _("收信和发信服务器连接、登录都正常")


def tried(mailbox: Mailbox, *, by: User) -> Tried:
    """Try both ways, and keep what was found where the health page tells of it."""
    can_try_channels.require(by, mailbox)
    ways: dict[str, tuple[Callable[[], None], str, int]] = {}
    if mailbox.imap_host:
        ways["receive"] = (partial(_fetching, mailbox), mailbox.imap_host, mailbox.imap_port)
    if mailbox.smtp_host:
        sending = partial(smtp.ask, mailbox, LONGEST)
        ways["send"] = (sending, mailbox.smtp_host, mailbox.smtp_port)
    errors = at_once([ask for ask, _host, _port in ways.values()])
    said = {
        way: _sentence(error, host, port)
        for (way, (_ask, host, port)), error in zip(ways.items(), errors, strict=True)
    }
    now = moment.now()
    found: dict[str, Any] = {}
    for way, sentence in said.items():
        failed = now if sentence else None
        found |= {f"{way}_error": sentence, f"{way}_failed_at": failed}
    Mailbox.objects.filter(pk=mailbox.pk).update(**found)
    return Tried(said.get("receive"), said.get("send"))


def try_out(mailbox: Mailbox, *, by: User) -> str:
    """The same for whoever only wants to know: Refused with what is wrong."""
    can_try_channels.require(by, mailbox)
    if not (mailbox.imap_host or mailbox.smtp_host):
        raise Refused(_("没有填收信和发信服务器，没有可以连接的；信由别的程序送来"))
    outcome = tried(mailbox, by=by)
    if outcome.faults:
        raise Refused(outcome.words)
    return outcome.words


def _by(name: str, fault: str) -> str:
    return _("%(what)s：%(why)s") % {"what": name, "why": fault}


def try_outbox(*, by: User) -> str:
    """Sign in at every server that letters leave by, and send nothing."""
    can_try_channels.require(by, None)
    boxes = list(Mailbox.objects.sending()[:MOST_ASKED])
    asked: list[tuple[str, str, int, Callable[[], None]]] = [
        (box.address, box.smtp_host, box.smtp_port, partial(smtp.ask, box, LONGEST))
        for box in boxes
    ]
    if settings.EMAIL_HOST:
        general = (settings.EMAIL_HOST, settings.EMAIL_PORT, _general_server)
        asked.append((_("系统发信服务器"), *general))
    if not asked:
        raise Refused(_("没有发信服务器，信件留在发件箱；请先添加能发信的邮箱"))
    errors = at_once([one[3] for one in asked])
    faults_ = [
        _by(name, _sentence(error, host, port))
        for (name, host, port, _ask), error in zip(asked, errors, strict=True)
        if error is not None
    ]
    if faults_:
        raise Refused(joined(faults_))
    return _("发信服务器连接和登录正常：%(names)s") % {
        "names": "、".join(name for name, *_rest in asked)
    }


SPECIMEN = (
    b"From: =?utf-8?b?5rWL6K+V?= <test@example.com>\r\nTo: service@example.com\r\n"
    b"Subject: =?utf-8?b?5rWL6K+V6YKu5Lu2?=\r\nMessage-ID: <test@example.com>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=gb18030\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n"
)
SPECIMEN_WORDS = b"\xb2\xe2\xca\xd4".decode("gb18030")  # 测试


def try_reading() -> str:
    """A mail of our own, read by the child that reads those of others; nothing is kept."""
    began = monotonic()
    raw = SPECIMEN + SPECIMEN_WORDS.encode("gb18030") + b"\r\n"
    found = reading.read(raw, replace(reading.USUAL, wall=LONGEST / 2))
    if found.fault or found.text.strip() != SPECIMEN_WORDS:
        raise Refused(_("读取邮件的子进程没有读出样信，请查看系统日志"))
    return _("子进程读出了样信，用时 %(seconds)s 秒") % {"seconds": f"{monotonic() - began:.1f}"}


def at_once(asked: Sequence[Callable[[], None]]) -> list[BaseException | None]:
    """What each ended with; one that is not back in time ends with a TimeoutError."""
    if not asked:
        return []
    workers = ThreadPoolExecutor(len(asked), thread_name_prefix="trying")
    waits: list[Future[None]] = [workers.submit(copy_context().run, ask) for ask in asked]
    ends = monotonic() + LONGEST
    errors = [_error(one, ends - monotonic()) for one in waits]
    workers.shutdown(wait=False, cancel_futures=True)
    return errors


def _error(future: Future[None], seconds: float) -> BaseException | None:
    try:
        return future.exception(timeout=max(seconds, 0.0))
    except TimeoutError as late:
        return late


def _fetching(mailbox: Mailbox) -> None:
    """Connect, sign in, open the folder, and nothing else."""
    with connecting.connected(mailbox, seconds=LONGEST):
        pass


def _general_server() -> None:
    """That of the settings: connect, sign in, and nothing else."""
    server = get_connection(timeout=int(LONGEST))
    server.open()
    server.close()


def _sentence(error: BaseException | None, host: str, port: int) -> str:
    if error is None:
        return ""
    if isinstance(error, Undelivered):
        return str(error)
    return faults.in_words(error, host, port)  # whatever a server does, the person gets a sentence
