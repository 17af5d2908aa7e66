"""What happened to evidence since it came: who opened it, who got a copy. Only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.rules import masked_email, masked_name
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Custody, Evidence, Letter
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.words import CustodyAct, Receiver

OPENED_AGAIN_AFTER = timedelta(hours=1)  # a page that shows it twice is one look


def opened(evidence: Evidence, *, by: User) -> None:
    """Somebody looks into it: refused for who may not, on record for who may."""
    can_open_evidence.require(by, evidence)
    lately = moment.now() - OPENED_AGAIN_AFTER
    seen = evidence.custody.filter(by=by, act=CustodyAct.OPENED, at__gt=lately)
    if not seen.exists():
        on_record(evidence, CustodyAct.OPENED, by=by)


def copied(
    evidence: Evidence, *, by: User, receiver: Receiver, to: str, always: bool = True, **facts: Any
) -> None:
    """A copy of it leaves: on record with who gave it, to whom, by which way. `always`: each time;
    else, of a page that fetches its files again and again, once an hour and receiver."""
    told = {"receiver": receiver, "to": to[:120], **facts}
    if not always:
        lately = moment.now() - OPENED_AGAIN_AFTER
        before = evidence.custody.filter(by=by, act=CustodyAct.COPIED, at__gt=lately)
        if before.filter(facts__contains=told).exists():
            return
    on_record(evidence, CustodyAct.COPIED, by=by, **told)


def on_record(evidence: Evidence, act: CustodyAct, *, by: User, **facts: Any) -> None:
    Custody.objects.create(evidence=evidence, act=act, by=by, at=moment.now(), facts=facts)


def handed_out(letter: Letter, files: Iterable[Evidence]) -> None:
    """These went with it, as its carrier knows: they are with the customer now."""
    if letter.message is None or letter.complaint is None:
        return
    mailed = letter.channel == Channel.EMAIL
    to = masked_email(letter.recipient) if mailed else masked_name(letter.complaint.customer.name)
    for evidence in files:
        copied(
            evidence,
            by=letter.message.by,
            receiver=Receiver.CUSTOMER,
            to=to,
            channel=letter.channel,
            letter=letter.pk,
        )
