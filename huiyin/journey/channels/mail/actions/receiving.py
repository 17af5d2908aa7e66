"""Fetching: keep and commit, then tell the server, then remember how far we are.

Whatever stops between two of these steps, the next visit goes over them again and each mail is kept
once (`mail_once`). One mailbox that fails or hangs holds up no other.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from imap_tools import BaseMailBox

from huiyin.ground import moment
from huiyin.ground.database import let_go
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions.arriving import arrive_due, look_at
from huiyin.journey.channels.mail.actions.connecting import (
    Unreachable,
    can,
    connected,
    has_news,
)
from huiyin.journey.channels.mail.actions.keeping import keep
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.rules import faults
from huiyin.journey.channels.mail.words import OnceKept, Source
from huiyin.journey.conversation.actions import Undelivered

logger = logging.getLogger(__name__)

AT_ONCE = 50  # mails asked about in one question
WATCH_SECONDS = 280.0  # of IDLE; providers hang up at 300 or so
VISIT_SECONDS = 600.0
PATIENCE = 50.0  # seconds a round waits for its mailboxes, then goes on without the slow ones
LEASE = timedelta(minutes=2)  # of a mailbox to its worker, which renews it at each round
LATER = 300.0  # seconds by which a mailbox that fails comes after the others, where they take turns
OVERLAP = timedelta(days=7)
UID, SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


def fetch(mailbox: Mailbox) -> int:
    """Everything new of one mailbox; how many were kept. Raises whatever the server does."""
    let_go()
    with connected(mailbox, seconds=VISIT_SECONDS) as box:
        return _take_new(box, mailbox)


def visit(mailbox: Mailbox) -> int | None:
    """The same with its outcome where the health page reads it; None when it failed."""
    try:
        kept = fetch(mailbox)
    except Exception as error:  # whatever a server does, the others go on
        _failed(mailbox, error)
        return None
    _well(mailbox)
    return kept


def _well(mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(
        received_ok_at=moment.now(), receive_error="", receive_failed_at=None
    )


def _failed(mailbox: Mailbox, error: Exception) -> None:
    logger.warning("mailbox %s: %s", mailbox.pk, type(error).__name__)
    with suppress(DatabaseError):  # it may be what has failed; the next round tells
        Mailbox.objects.filter(pk=mailbox.pk).update(
            receive_error=_sentence(mailbox, error), receive_failed_at=moment.now()
        )


def _sentence(mailbox: Mailbox, error: Exception) -> str:
    if isinstance(error, Undelivered):
        return str(error)
    if isinstance(error, DatabaseError):
        return _("数据库这时没有接收，下一轮再取；总是这样时请查看系统日志")
    return faults.in_words(error, mailbox.imap_host, mailbox.imap_port)


# -- one visit ----------------------------------------------------------------------------------


def _take_new(box: BaseMailBox, mailbox: Mailbox) -> int:
    box.client.untagged_responses.pop("EXISTS", None)  # whatever is told later is later news
    validity = _validity(box, mailbox)
    known_numbers = mailbox.uidvalidity == validity
    # Before the search: what comes between the two is taken now, and found again next time.
    highest = 0 if known_numbers else _highest(box)
    uids = sorted(_new_uids(box, mailbox, validity))
    kept, stuck = 0, 0
    for some in _by(AT_ONCE, uids):
        there = dict(
            Mail.objects.filter(mailbox=mailbox, uidvalidity=validity, uid__in=some).values_list(
                "uid", "size"
            )
        )
        let_go()
        sizes = _sizes(box, [uid for uid in some if uid not in there]) | there
        for uid in some:
            taken = THERE if uid in there else _take(box, mailbox, validity, uid, sizes.get(uid))
            kept += taken == TAKEN
            if taken == REFUSED:
                stuck = stuck or uid
            elif taken != GONE and sizes[uid] <= settings.MAIL_LARGEST:
                _tell_server(box, mailbox, uid)
            if known_numbers and not stuck:
                _reached(mailbox, uid)
    if stuck:
        sentence = _("服务器不交出第 %(uid)s 号邮件，其余的已经收下")
        raise Unreachable(sentence % {"uid": stuck})
    if not known_numbers:
        _begin_with(mailbox, validity, highest)
    return kept


def _validity(box: BaseMailBox, mailbox: Mailbox) -> int:
    """Numbers of mails mean something only together with this one of the folder."""
    _status, said = box.client.response("UIDVALIDITY")
    if said and said[0]:
        return int(said[0])
    return int(box.folder.status(mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def _new_uids(box: BaseMailBox, mailbox: Mailbox, validity: int) -> list[int]:
    """What came since the last visit. At the first one only what nobody has read, so years of old
    mail become no complaints; when the server has numbered anew, also what came lately: all of it
    is looked at again, and counts once."""
    if mailbox.uidvalidity == validity:
        found = box.uids(f"UID {mailbox.last_uid + 1}:*")
        return [uid for uid in map(int, found) if uid > mailbox.last_uid]
    if mailbox.uidvalidity is None:
        return [int(uid) for uid in box.uids("UNSEEN")]
    since = (mailbox.received_ok_at or moment.now()) - OVERLAP
    day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
    return [int(uid) for uid in box.uids(f"OR UNSEEN SINCE {day}")]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _by(most: int, uids: list[int]) -> Iterable[list[int]]:
    return (uids[i : i + most] for i in range(0, len(uids), most))


def _sizes(box: BaseMailBox, uids: list[int]) -> dict[int, int]:
    """Asked before anything is fetched, so nothing too large is."""
    if not uids:
        return {}
    _ok, answers = box.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    found: dict[int, int] = {}
    for answer in answers:
        line = answer[0] if isinstance(answer, tuple) else answer
        uid, size = UID.search(line or b""), SIZE.search(line or b"")
        if uid and size:
            found[int(uid[1])] = int(size[1])
    return {uid: size for uid, size in found.items() if uid in uids}


TAKEN, THERE, GONE, REFUSED = "taken", "there", "gone", "refused"


def _take(box: BaseMailBox, mailbox: Mailbox, validity: int, uid: int, size: int | None) -> str:
    """Without a size, or without bytes, it went away since we asked; or the server keeps it back,
    and then it is asked for again at the next visit."""
    let_go()
    too_large = (size or 0) > settings.MAIL_LARGEST
    wanted = "BODY.PEEK[HEADER]" if too_large else "BODY.PEEK[]"
    raw = _bytes(box, uid, wanted) if size is not None else None
    if raw is None:
        return REFUSED if box.uids(f"UID {uid}") else GONE
    held = _("邮件太大，没有取回，仍在邮件服务器上，请到服务器上查看") if too_large else ""
    mail = keep(
        raw,
        source=Source.IMAP,
        mailbox=mailbox,
        uidvalidity=validity,
        uid=uid,
        size=size,
        held_for=held,
    )
    if mail is not None and held:
        look_at(mail)
    return THERE if mail is None else TAKEN


def _bytes(box: BaseMailBox, uid: int, wanted: str) -> bytes | None:
    """Raw, never through the library's own parser."""
    _ok, answers = box.client.uid("FETCH", str(uid), f"({wanted})")
    for answer in answers:
        if isinstance(answer, tuple) and len(answer) > 1:
            return bytes(answer[1])
    return None


def _tell_server(box: BaseMailBox, mailbox: Mailbox, uid: int) -> None:
    """Only now: the mail is on our disk."""
    if mailbox.after == OnceKept.SEEN:
        box.flag(str(uid), "\\Seen", True)
    elif mailbox.after == OnceKept.MOVE and mailbox.moved_to:
        if not box.folder.exists(mailbox.moved_to):
            sentence = _("服务器上没有文件夹 %(folder)s，请检查名称")
            raise Unreachable(sentence % {"folder": mailbox.moved_to})
        box.move(str(uid), mailbox.moved_to)


def _reached(mailbox: Mailbox, uid: int) -> None:
    """Remember how far we are; never backwards while the numbers mean the same."""
    same = Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=mailbox.uidvalidity)
    same.filter(last_uid__lt=uid).update(last_uid=uid)
    mailbox.last_uid = max(mailbox.last_uid, uid)


def _begin_with(mailbox: Mailbox, validity: int, highest: int) -> None:
    """The numbers mean something from now on: what is there has been looked at."""
    Mailbox.objects.filter(pk=mailbox.pk).update(uidvalidity=validity, last_uid=highest)
    mailbox.uidvalidity, mailbox.last_uid = validity, highest


def _highest(box: BaseMailBox) -> int:
    return max((int(uid) for uid in box.uids("ALL")), default=0)


# -- all mailboxes ------------------------------------------------------------------------------

_watched: dict[int, threading.Thread] = {}
_begun: dict[int, float] = {}  # when each mailbox was last visited, where they take turns
_ended = threading.Condition()
_TOKEN = secrets.token_hex(4)


def watch() -> None:
    """Every mailbox that receives is visited by a thread of its own, which then waits for news
    (IDLE) and ends after some minutes; the next round begins it again. Without IDLE the rounds are
    the poll. Of very many, `HUIYIN_MAIL_MOST_WATCHED` at once: three quarters wait for news, the
    others, and those that failed, take turns. Waits a while for the visits, never for a mailbox
    that hangs."""
    visits, ends = [], time.monotonic() + PATIENCE
    _renew()
    boxes = sorted(
        Mailbox.objects.receiving(),
        key=lambda box: (box.receive_failed_at is not None, not box.is_default, box.pk),
    )
    most = max(settings.MAIL_MOST_WATCHED, 2)
    stays = most if len(boxes) <= most else most * 3 // 4
    waiting = [*((box, True) for box in boxes[:stays]), *_by_turns(boxes[stays:])]
    for mailbox, stay in waiting:
        if mailbox.pk in _watched:
            continue
        if not _has_place(most, ends):
            break
        visits.append(_begin(mailbox, stay=stay))
    for visited in visits:
        visited.wait(max(0.0, ends - time.monotonic()))
    _renew()


def _by_turns(boxes: list[Mailbox]) -> list[tuple[Mailbox, bool]]:
    """Whoever has waited longest first; who failed last time some minutes behind the others."""

    def turn(box: Mailbox) -> float:
        return _begun.get(box.pk, 0.0) + (LATER if box.receive_failed_at else 0.0)

    return [(box, False) for box in sorted(boxes, key=turn)]


def _has_place(most: int, ends: float) -> bool:
    """Whether one more may begin, now or within the time."""
    with _ended:
        return _ended.wait_for(
            lambda: len(_watched) < most, timeout=max(0.0, ends - time.monotonic())
        )


def _begin(mailbox: Mailbox, *, stay: bool) -> threading.Event:
    visited = threading.Event()
    thread = threading.Thread(target=_watch, args=(mailbox.pk, visited, stay), daemon=True)
    with _ended:
        _watched[mailbox.pk] = thread
    _begun[mailbox.pk] = time.monotonic()
    thread.start()
    return visited


def _watch(pk: int, visited: threading.Event, stay: bool) -> None:
    try:
        with _alone(pk) as mine:
            if mine:
                _stay(Mailbox.objects.get(pk=pk), visited, stay=stay)
    except Exception as error:
        logger.exception("mailbox %s could not be watched", pk)
        _failed(Mailbox(pk=pk), error)
    finally:
        connection.close()
        with _ended:
            _watched.pop(pk, None)
            _ended.notify_all()
        visited.set()


def _me() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{_TOKEN}"


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    """Of several workers one watches it: providers allow few connections. A lease, not a lock:
    nothing is held for it, and it ends by itself when this process dies."""
    now = moment.now()
    free = Mailbox.objects.filter(Q(watched_until=None) | Q(watched_until__lt=now), pk=pk)
    mine = bool(free.update(watched_by=_me(), watched_until=now + LEASE))
    try:
        yield mine
    finally:
        if mine:
            with suppress(DatabaseError):
                Mailbox.objects.filter(pk=pk, watched_by=_me()).update(
                    watched_by="", watched_until=None
                )


def _renew() -> None:
    """The leases of those that are being watched here."""
    if _watched:
        ours = Mailbox.objects.filter(pk__in=list(_watched), watched_by=_me())
        ours.update(watched_until=moment.now() + LEASE)


def _stay(mailbox: Mailbox, visited: threading.Event, *, stay: bool) -> None:
    try:
        let_go()
        with connected(mailbox, seconds=VISIT_SECONDS) as box:
            kept = _take_new(box, mailbox)
            _well(mailbox)
            visited.set()
            _arrive(kept)
            ends = time.monotonic() + WATCH_SECONDS
            idles = stay and can(box, "IDLE")
            while idles and (left := ends - time.monotonic()) > 1:
                let_go()
                if not has_news(box, left):
                    break
                kept = _take_new(box, mailbox)
                _well(mailbox)
                _arrive(kept)
    except Exception as error:  # whatever a server does, the others go on
        _failed(mailbox, error)


def _arrive(kept: int) -> None:
    """At once, not at the next round of the schedule."""
    if kept:
        arrive_due()
