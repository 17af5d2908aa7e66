"""What the cast says to customers: with the better wording where the product asks for one, and
kept in time, mostly."""

from __future__ import annotations

import random
from datetime import timedelta

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.promises import actions as promises
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.words import PromiseKind, State
from huiyin.surface.demo.theatre import Acts, Theatre

FORGETS = 0.04  # of all promises; the ledger shows them in red
PROOFS = {
    PromiseKind.REFUND: "退款流水 20261126{n:04d}",
    PromiseKind.COMPENSATE: "付款流水 20261126{n:04d}",
    PromiseKind.RESHIP: "运单号 SF{n:06d}",
    PromiseKind.EXCHANGE: "运单号 SF{n:06d}",
    PromiseKind.SEND: "运单号 SF{n:06d}",
    PromiseKind.CALL: "已致电客户，通话 4 分钟",
    PromiseKind.VISIT: "师傅已上门，客户签字",
}
LONGEST = 5  # sentences of one message that are put better


def said(theatre: Theatre, complaint: Complaint, *, by: User, text: str, channel: str) -> None:
    """Write it as somebody does who takes what the product proposes."""
    waived: list[str] = []
    for _nth in range(LONGEST):
        stopped = [c for c in promises.read(by, complaint, text, waived=waived) if c.stops]
        if not stopped:
            break
        text = text.replace(stopped[0].found.sentence, stopped[0].better)
    else:
        waived = [c.found.sentence for c in promises.read(by, complaint, text) if c.stops]
    message = conversation.reply(complaint, by=by, text=text, channel=channel, waived=waived)
    if Promise.objects.filter(message=message).exists():
        theatre.enter(moment.now(), _kept(complaint.pk, message.pk, theatre))
        theatre.clocks_of(complaint.pk)


def unkept(complaint: Complaint, by: User, *parts: str) -> list[str]:
    """What a letter says of what was done reads like a promise here and there: it is none."""
    chips = promises.read(by, complaint, "\n\n".join(parts))
    return [chip.found.sentence for chip in chips if chip.stops]


def _kept(complaint: int, message: int, theatre: Theatre) -> Acts:
    """Each of them is done when four fifths of its time are over, if nobody forgets it."""
    dice = random.Random(f"{complaint} {message}")  # noqa: S311 — a play
    given = Promise.objects.filter(message=message, state=State.OPEN)
    for one in list(given.order_by("due_at", "pk").select_related("complaint")):
        if dice.random() < FORGETS:
            continue
        wanted = one.due_at - (one.due_at - one.at) * 0.2
        yield max(wanted, moment.now() + timedelta(minutes=1))
        now = Promise.objects.with_all().get(pk=one.pk)
        if now.state == State.OPEN and now.due_at > moment.now():
            proof = PROOFS.get(PromiseKind(now.kind), "已告知客户并记录")
            by = now.holder or now.by
            promises.keep(now, by=by, proof=proof.format(n=now.pk % 10_000))
            theatre.clocks_of(complaint)
