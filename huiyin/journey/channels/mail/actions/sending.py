"""How a letter leaves the house as a mail (`carrier.py`).

By the mailbox its complaint came by, else the team's, else the default one; without any by the
general server of the settings; without that it stays in the outbox. Each mailbox is sent by itself
(`mailboxes_of`); one whose server cannot be reached is left alone for a minute.
"""

from __future__ import annotations

import io
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import policy
from email.generator import BytesGenerator
from email.message import Message

from django.conf import settings
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.sealing import unseal
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions import smtp
from huiyin.journey.channels.mail.actions.composing import composed, stamped
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.rules import faults, headers
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import NotYet, NoWayOut, Undelivered
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState

LEFT_ALONE = timedelta(minutes=1)
HELD_FOR = timedelta(days=1)


def post(letter: Letter, body: str) -> None:
    """Carry it out of the house. Raises Undelivered, NotYet or NoWayOut."""
    mailbox = mailbox_of(letter)
    if mailbox is None:
        _by_the_general_server(letter, body)
        return
    now = moment.now()
    failed = mailbox.send_failed_at
    if failed and failed <= now < failed + LEFT_ALONE and not _well_since(mailbox):
        raise NotYet(failed + LEFT_ALONE, mailbox.send_error)
    mail = composed(letter, body, mailbox)
    data = _signed(_bytes(mail.message()), mailbox)
    try:
        said = smtp.deliver(mailbox, headers.address(letter.recipient), data)
    except Exception as error:
        raise _missed(error, mailbox) from error
    Mailbox.objects.filter(pk=mailbox.pk).update(
        sent_ok_at=moment.now(), send_error="", send_failed_at=None
    )
    stamped(letter, mailbox, mail.extra_headers["Message-ID"], said)


def send_held() -> int:
    """What stayed in the outbox because no server was there, once there is one: of the last day. An
    older letter may be untrue by now, so a person sends it from the outbox."""
    if not has_server():
        return 0
    now = moment.now()
    fresh = _held().filter(next_try_at__gt=now - HELD_FOR)
    return fresh.update(state=LetterState.QUEUED, tries=0, error="", next_try_at=now)


def has_server() -> bool:
    return bool(settings.EMAIL_HOST) or Mailbox.objects.sending().exists()


def too_old(now: datetime) -> QuerySet[Letter]:
    """What stayed so long that it leaves by a person alone."""
    return _held().filter(next_try_at__lte=now - HELD_FOR)


def queue(letters: Sequence[Letter]) -> int:
    """Into the ordinary queue; one that was queued meanwhile is not queued again."""
    chosen = _held().filter(pk__in=[letter.pk for letter in letters])
    return chosen.update(state=LetterState.QUEUED, tries=0, error="", next_try_at=moment.now())


def _held() -> QuerySet[Letter]:
    return Letter.objects.filter(state=LetterState.HELD, channel=Channel.EMAIL)


def mailbox_of(letter: Letter) -> Mailbox | None:
    """Which one it goes by, of those that can send."""
    return mailboxes_of([letter])[0]


def mailboxes_of(letters: Sequence[Letter]) -> list[Mailbox | None]:
    """The same for each of many, in two questions."""
    sending = list(Mailbox.objects.sending())
    if not sending:
        return [None] * len(letters)
    complaints = {one.complaint_id for one in letters if one.complaint_id is not None}
    came_by = Mail.objects.filter(complaint__in=complaints).exclude(mailbox=None)
    newest = came_by.order_by("complaint", "-pk").distinct("complaint")
    wanted = dict(newest.values_list("complaint", "mailbox")) if complaints else {}
    by_key = {box.pk: box for box in sending}
    by_team: dict[int | None, Mailbox] = {
        box.team_id: box for box in reversed(sending) if box.team_id is not None
    }
    return [
        sending[0]
        if one.complaint is None
        else by_key.get(wanted.get(one.complaint.pk) or 0)
        or by_team.get(one.complaint.team_id)
        or sending[0]
        for one in letters
    ]


def _well_since(mailbox: Mailbox) -> bool:
    assert mailbox.send_failed_at is not None
    return mailbox.sent_ok_at is not None and mailbox.sent_ok_at > mailbox.send_failed_at


def _missed(error: Exception, mailbox: Mailbox) -> Undelivered:
    sentence = faults.in_words(error, mailbox.smtp_host, mailbox.smtp_port)
    if isinstance(error, Undelivered):
        sentence = str(error)
    if faults.is_of_the_server(error):
        Mailbox.objects.filter(pk=mailbox.pk).update(
            send_error=sentence, send_failed_at=moment.now()
        )
    return Undelivered(sentence, final=faults.is_final(error))


def _by_the_general_server(letter: Letter, body: str) -> None:
    if not settings.EMAIL_HOST:
        raise NoWayOut
    mail = composed(letter, body, None)
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        sentence = faults.in_words(error, settings.EMAIL_HOST, settings.EMAIL_PORT)
        raise Undelivered(sentence, final=faults.is_final(error)) from error
    stamped(letter, None, mail.extra_headers["Message-ID"])


def _bytes(message: Message) -> bytes:
    """As it goes over the wire. No header is folded that need not be: our Message-ID is long, and
    not every client finds one on the next line."""
    made = io.BytesIO()
    wire = policy.compat32.clone(linesep="\r\n", max_line_length=900)
    BytesGenerator(made, mangle_from_=False, policy=wire).flatten(message)
    return made.getvalue()


def _signed(data: bytes, mailbox: Mailbox) -> bytes:
    """With a DKIM signature, where the mailbox has a key."""
    key = unseal(mailbox.dkim_key)
    if not (mailbox.dkim_selector and key):
        return data
    import dkim  # type: ignore[import-untyped]  # 30 ms, and most sign at their server

    try:
        signature: bytes = dkim.sign(
            data,
            mailbox.dkim_selector.encode(),
            headers.domain_of(mailbox.address).encode(),
            key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
        )
    except (dkim.DKIMException, ValueError) as error:
        raise Undelivered(_("DKIM 签名失败，请在管理 › 邮箱检查密钥")) from error
    return signature + data
