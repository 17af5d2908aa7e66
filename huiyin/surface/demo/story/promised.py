"""What the cast says to customers: with the better wording where the product asks for one, and
kept in time, mostly."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.promises import actions as promises
from huiyin.journey.promises.models import Promise
from huiyin.journey.promises.words import PromiseKind, State
from huiyin.surface.demo.theatre import Acts, Theatre
from huiyin.surface.demo.turns import turn

FORGETS = 0.04  # of all promises; the ledger shows them in red
MOVES = 0.08  # up to here another day was agreed with the customer, and that one is kept
RELEASES = 0.11  # up to here he said that it is no longer needed
PROOFS = {
    PromiseKind.REFUND: "退款流水 20261126{n:04d}",
    PromiseKind.COMPENSATE: "付款流水 20261126{n:04d}",
    PromiseKind.RESHIP: "运单号 SF{n:06d}",
    PromiseKind.EXCHANGE: "运单号 SF{n:06d}",
    PromiseKind.SEND: "运单号 SF{n:06d}",
    PromiseKind.CALL: "已致电客户，通话 4 分钟",
    PromiseKind.VISIT: "师傅已上门，客户签字",
}
MANAGER = "gao"  # who lets off is never who owes
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
        theatre.enter(moment.now(), _kept(complaint, message, theatre))
        theatre.clocks_of(complaint.pk)


def unkept(complaint: Complaint, by: User, *parts: str) -> list[str]:
    """What a letter says of what was done reads like a promise here and there: it is none."""
    chips = promises.read(by, complaint, "\n\n".join(parts))
    return [chip.found.sentence for chip in chips if chip.stops]


def _kept(complaint: Complaint, message: Message, theatre: Theatre) -> Acts:
    """Each of them is done when four fifths of its time are over, if nobody forgets it."""
    # By number and words, never by keys: the play is the same in every database.
    dice = random.Random(f"{complaint.number} {message.text}")  # noqa: S311 — a play
    given = Promise.objects.filter(message=message, state=State.OPEN)
    for one in list(given.order_by("due_at", "pk").select_related("complaint")):
        fate = dice.random()
        if fate < FORGETS:
            continue
        if fate < RELEASES and not one.is_money:
            yield _when(one, 0.5)
            _agreed_anew(one.pk, moves=fate < MOVES)
            theatre.clocks_of(complaint.pk)
        now = Promise.objects.get(pk=one.pk)
        yield _when(now, 0.8)
        _keep(one.pk)
        theatre.clocks_of(complaint.pk)


def _when(given: Promise, part: float) -> datetime:
    """When so much of its time is over, but not before now."""
    return max(given.at + (given.due_at - given.at) * part, moment.now() + timedelta(minutes=1))


def _still_owed(pk: int) -> Promise | None:
    now = Promise.objects.select_related("complaint").get(pk=pk)
    return now if now.state == State.OPEN and now.due_at > moment.now() else None


def _agreed_anew(pk: int, *, moves: bool) -> None:
    """Half-way the customer is asked: a day later suits him better, or he needs it no more."""
    given = _still_owed(pk)
    if given is None or not given.complaint.is_open:
        return
    if moves:
        later = given.due_at + timedelta(days=1)
        reason = "客户这两天出差，同意晚一天"
        promises.move(given, by=given.holder or given.by, due_at=later, reason=reason)
    else:
        reason = "客户来电说已经清楚，不用再联系"
        promises.release(given, by=User.objects.get(username=MANAGER), reason=reason)


def _keep(pk: int) -> None:
    given = _still_owed(pk)
    if given is not None:
        proof = PROOFS.get(PromiseKind(given.kind), "已告知客户并记录")
        promises.keep(
            given, by=given.holder or given.by, proof=proof.format(n=turn(given.complaint))
        )
