"""Whether a mailbox works: connect to both servers, sign in, say in a sentence what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.mail.actions import connecting, smtp
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.rules import faults
from huiyin.journey.channels.permissions import can_see_channels
from huiyin.journey.conversation.actions import Undelivered

LONGEST = 30.0  # seconds that a person waits for an answer


@dataclass(frozen=True)
class Tried:
    """What became of it; "" is well. None: there is no such server."""

    receiving: str | None = None
    sending: str | None = None

    @property
    def faults(self) -> list[str]:
        found = ((_("收信"), self.receiving), (_("发信"), self.sending))
        return [f"{way}：{fault}" for way, fault in found if fault]


def tried(mailbox: Mailbox, *, by: User) -> Tried:
    """Try both ways, and keep what was found where the health page tells of it."""
    can_see_channels.require(by, mailbox)
    receiving = sending = None
    if mailbox.imap_host:
        receiving = _outcome(mailbox, _fetching, mailbox.imap_host, mailbox.imap_port)
    if mailbox.smtp_host:
        sending = _outcome(mailbox, smtp.ask, mailbox.smtp_host, mailbox.smtp_port)
    now = moment.now()
    found: dict[str, Any] = {}
    if receiving is not None:
        failed = now if receiving else None
        found |= {"receive_error": receiving[:300], "receive_failed_at": failed}
    if sending is not None:
        found |= {"send_error": sending[:300], "send_failed_at": now if sending else None}
    Mailbox.objects.filter(pk=mailbox.pk).update(**found)
    return Tried(receiving, sending)


def try_out(mailbox: Mailbox, *, by: User) -> None:
    """The same for whoever only wants to know: Refused with what is wrong."""
    outcome = tried(mailbox, by=by)
    if outcome.faults:
        raise Refused("；".join(outcome.faults))


def _fetching(mailbox: Mailbox) -> None:
    """Connect, sign in, open the folder, and nothing else."""
    with connecting.connected(mailbox, seconds=LONGEST):
        pass


def _outcome(mailbox: Mailbox, ask: Callable[[Mailbox], None], host: str, port: int) -> str:
    try:
        ask(mailbox)
    except Undelivered as refused:
        return str(refused)
    except Exception as error:  # whatever a server does, the person gets a sentence
        return faults.in_words(error, host, port)
    return ""
