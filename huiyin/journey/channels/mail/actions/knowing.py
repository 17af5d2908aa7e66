"""What the house knows when a mail is judged: read-only looks at its own tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Q

from huiyin.ground import moment
from huiyin.journey.channels.mail.actions.keys import thread_key
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending, signs
from huiyin.journey.channels.mail.reading import Limits, Read
from huiyin.journey.channels.mail.rules.case import Known
from huiyin.journey.channels.mail.rules.judging import rounds
from huiyin.journey.channels.mail.rules.signs import subject_of
from huiyin.journey.channels.mail.rules.tokens import tokens_in
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.rules import looks_like_number
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.answers import asker_of, complaint_of
from huiyin.journey.conversation.models import Letter

NUMBER = re.compile(r"[A-Z]{1,4}\d{4}-?\d{4,8}", re.IGNORECASE)
LOOKED_AT = 50  # of a sender's mails and our letters in a day


@dataclass(frozen=True)
class Thread:
    """`letter` is proven by its token; `suspected` is only named, by a number or a Message-ID."""

    letter: Letter | None = None
    suspected: Complaint | None = None

    @property
    def complaint(self) -> Complaint | None:
        """Where the mail may go on; what is archived is only read, so a new one is linked to it."""
        found = complaint_of(self.letter) if self.letter else None
        return found if found is not None and found.status != Status.ARC else None

    @property
    def related(self) -> Complaint | None:
        return (complaint_of(self.letter) if self.letter else None) or self.suspected

    @property
    def goes_on(self) -> bool:
        """Whether the answer has a place: what the letter was about, or an open complaint."""
        asker = asker_of(self.letter) if self.letter else None
        if asker is not None and self.letter is not None and asker.goes_on(self.letter):
            return True
        return self.complaint is not None


def limits() -> Limits:
    return Limits(size=settings.MAIL_LARGEST)


def thread_of(read: Read) -> Thread:
    """Only a token proves: the letter's own recipient writes, with the whole of its HMAC."""
    suspected = None
    delivered = [v for n, v in read.headers if n.lower() in ("delivered-to", "x-original-to")]
    addresses = " ".join([*(one.address for one in (*read.to, *read.cc)), *delivered])
    for token in tokens_in(f"{read.in_reply_to} {read.references}", addresses):
        letter = (
            Letter.objects.select_related("complaint__customer")
            .filter(Q(complaint__isnull=False) | Q(purpose__in=settings.ASKERS), pk=token.letter)
            .first()
        )
        if letter is None:
            continue
        recipient = letter.recipient.strip().lower()
        if read.sender.address == recipient and token.proves(recipient, thread_key()):
            return Thread(letter=letter)
        suspected = suspected or complaint_of(letter)
    return Thread(suspected=suspected or _named(read))


def _named(read: Read) -> Complaint | None:
    """One of ours whose number stands in the subject, or whose letter is answered without proof."""
    for found in NUMBER.findall(read.subject)[:5]:
        number = looks_like_number(found)
        complaint = Complaint.objects.filter(number=number).first() if number else None
        if complaint is not None:
            return complaint
    answered = re.findall(r"<([^<>\s]{1,250})>", f"{read.in_reply_to} {read.references}")[-20:]
    sending = (
        Sending.objects.select_related("letter__complaint")
        .filter(message_id__in=_spellings(answered))
        .first()
    )
    return sending.letter.complaint if sending else None


def _spellings(ids: list[str]) -> list[str]:
    """With and without brackets, however it was noted."""
    return [one for known in ids for one in (known, f"<{known}>")]


def sending_of(internet_id: str) -> Sending | None:
    """The letter of ours that has this Message-ID."""
    ids = _spellings([internet_id.strip("<> ")])
    return Sending.objects.select_related("letter__complaint").filter(message_id__in=ids).first()


def known(mail: Mail, read: Read, thread: Thread) -> Known:
    _name, general = parseaddr(settings.DEFAULT_FROM_EMAIL)  # ours, no mail's
    own = [*Mailbox.objects.values_list("address", flat=True), general]
    now = moment.now()
    sender = read.sender.address
    received = list(
        Mail.objects.filter(sender=sender, received_at__gt=now - timedelta(days=1))
        .exclude(pk=mail.pk)
        .order_by("-pk")
        .values_list("received_at", flat=True)[: settings.MAIL_MOST_PER_HOUR + LOOKED_AT]
        if sender
        else []
    )
    received.append(mail.received_at)
    sent = _sent_to(sender, now - timedelta(days=1)) if sender else []
    asked = [one.subject for one in (*sent, *((thread.letter,) if thread.letter else ()))]
    hour = mail.received_at - timedelta(hours=1)
    return Known(
        own_addresses=frozenset(one.lower() for one in own),
        sent_by_us=bool(read.internet_id) and sending_of(read.internet_id) is not None,
        proven=thread.goes_on,
        lately=sum(at > hour for at in received),
        rounds=rounds(received, [one.sent_at for one in sent if one.sent_at and one.is_automatic]),
        asked=frozenset(filter(None, map(subject_of, asked))),
        signs=signs(),
        most_lately=settings.MAIL_MOST_PER_HOUR,
        most_rounds=settings.MAIL_MOST_ROUNDS,
    )


def _sent_to(sender: str, since: datetime) -> list[Letter]:
    """Our last letters to who wrote."""
    letters = Letter.objects.filter(recipient__iexact=sender, sent_at__gt=since)
    return list(
        letters.select_related("message__by").defer("body").order_by("-sent_at")[:LOOKED_AT]
    )
