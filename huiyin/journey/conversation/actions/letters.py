"""Letters on their way out: queued with a fact, carried by the worker, retried, cancelled, undone.

Who carries it out of the house is named in settings, by its channel (`CARRIERS`): this module keeps
the queue only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.sentence import short, told_by
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.actions.outcomes import NotYet, NoWayOut, Undelivered
from huiyin.journey.conversation.models import Letter, Message, Part
from huiyin.journey.conversation.ways import carrier_of, lanes_of
from huiyin.journey.conversation.words import Kind, LetterState, PartState, Reach

logger = logging.getLogger(__name__)

# Five tries over about an hour, then a person looks at it in the console.
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes
LEASE = timedelta(minutes=5)  # whoever took it and died: so long until another does
MOST_A_RUN = 500
MOST_LOOKED_AT = 5000


def post_letter(
    complaint: Complaint | None,
    *,
    event: Event | None,
    purpose: str,
    recipient: str,
    subject: str,
    body: str,
    message: Message | None = None,
    channel: str = Channel.EMAIL,
    leaves_at: datetime | None = None,
    planned_at: datetime | None = None,
) -> Letter | None:
    """Queue a letter in the caller's transaction; None when this event's letter is there already.

    `leaves_at`: not before, and until then it can be undone."""
    now = moment.now()
    # A line break here would become a header.
    subject = " ".join(rules.written(subject).split())[:200]
    made = Letter.objects.bulk_create(
        [
            Letter(
                complaint=complaint,
                event=event,
                message=message,
                purpose=purpose,
                channel=channel,
                recipient=recipient,
                subject=subject,
                body=body,
                next_try_at=leaves_at or now,
                pending=leaves_at is not None,
                planned_at=planned_at,
                created_at=now,
            )
        ],
        ignore_conflicts=event is not None,  # only its letter can be there already
    )
    return made[0] if made else None


def lanes(*channels: str) -> dict[str, Callable[[], int]]:
    """What is due of these channels, by the account that carries it: each is sent by itself. What
    is looked at is bounded; an account that hangs puts its letters behind the others (`due`)."""
    found: dict[str, list[int]] = {}
    for channel in channels:
        due = Letter.objects.due(moment.now()).filter(channel=channel)
        due = due.select_related("complaint").defer("body", "complaint__text")
        waiting = list(due[:MOST_LOOKED_AT])
        for letter, lane in zip(waiting, lanes_of(channel, waiting), strict=True):
            of_lane = found.setdefault(lane, [])
            if len(of_lane) < MOST_A_RUN:
                of_lane.append(letter.pk)
    return {lane: partial(send_due_letters, *channels, only=pks) for lane, pks in found.items()}


def send_due_letters(*channels: str, only: Collection[int] = ()) -> int:
    """Send what waits, of these channels or of all, or of these letters only. Runs often, each
    account by itself (`lanes`), so that one whose other side hangs keeps no other from sending; of
    two workers each letter is taken by one (SKIP LOCKED)."""
    sent = 0
    while sent < MOST_A_RUN and (letter := _take(channels, only)) is not None:
        if letter.taken_until is not None:
            _carry(letter)
        sent += 1
    return sent


def _take(channels: tuple[str, ...], only: Collection[int] = ()) -> Letter | None:
    """The next one that is due, ours until its lease ends; with it a reply is said. No lease: what
    its leaving leads to failed, so it is tried again later and keeps no other from leaving."""
    with transaction.atomic():
        now = moment.now()
        due = Letter.objects.due(now).select_related("complaint", "message__by", "event")
        if channels:
            due = due.filter(channel__in=channels)
        if only:
            due = due.filter(pk__in=only)
        letter = due.select_for_update(skip_locked=True, of=("self",)).first()
        if letter is None:
            return None
        try:
            with transaction.atomic():
                if letter.pending:
                    _leaves(letter)
        except Exception as error:
            logger.exception("Letter %s could not leave", letter.pk)
            _try_later(letter, told_by(error))
            return letter
        letter.was_interrupted = letter.taken_until is not None
        letter.pending, letter.taken_until = False, now + LEASE
        letter.save(update_fields=["pending", "taken_until"])
        return letter


def _leaves(letter: Letter) -> None:
    """A reply leaves: from now on it is said, by whom wrote it."""
    message, plan = letter.message, letter.event
    assert message is not None and plan is not None, "only replies can be undone"
    record(What.REPLIED, message.complaint, by=message.by, **{**plan.facts, "checked": True})


def _carry(letter: Letter) -> None:
    try:
        carrier = carrier_of(letter.channel)
        if carrier is None:
            raise NoWayOut
        carrier.post(letter, _unsealed(letter))
    except NoWayOut:
        _settle(letter, state=LetterState.HELD, error="")
    except NotYet as closed:
        _settle(letter, next_try_at=closed.until, error=str(closed))
    except Undelivered as missed:
        if missed.final:
            _failed(letter, letter.tries + 1, str(missed))
        else:
            _try_later(letter, str(missed))
    except Exception as error:  # whatever it is: this letter waits, the next one goes
        logger.warning("Letter %s was not sent: %s", letter.pk, error)
        _try_later(letter, told_by(error))
    else:
        _settle(letter, state=LetterState.SENT, sent_at=moment.now(), error="")


def _try_later(letter: Letter, why: str) -> None:
    tries = letter.tries + 1
    if tries > len(TRY_AGAIN_AFTER):
        _failed(letter, tries, why)
        return
    wait = timedelta(minutes=TRY_AGAIN_AFTER[tries - 1])
    _settle(letter, tries=tries, next_try_at=moment.now() + wait, error=why)


@transaction.atomic
def _failed(letter: Letter, tries: int, why: str) -> None:
    """For good: whoever handles it hears of it, as the customer has heard nothing."""
    if _settle(letter, state=LetterState.FAILED, tries=tries, error=why):
        _record_miss(letter, why)


def _record_miss(letter: Letter, why: str) -> None:
    if letter.complaint is None:
        return
    record(
        What.LETTER_FAILED,
        letter.complaint,
        by=User.objects.system(),
        letter=letter.pk,
        name=letter.subject[:120],
        channel=letter.channel,
        reason=short(why, 300),
        **({"partly": True} if _has_words(letter) else {}),
    )


def _has_words(letter: Letter) -> bool:
    """Of a letter that leaves as several: whether he has the words, and lacks a file of it."""
    words = Part.objects.filter(letter=letter, place=0, state=PartState.SENT)
    return words.exclude(reach=Reach.MISSED).exists()


def has_answer(complaint: Complaint) -> bool:
    """Whether words of a person of ours have reached the customer, as far as anybody knows."""
    misses = (What.LETTER_FAILED, What.LETTER_RETURNED)
    told = complaint.events.filter(what__in=(*misses, What.REPLY_RESENT)).order_by("pk")
    lost = {  # the last one counts; he has the words of one that lacks a file
        event.facts.get("letter"): event.what in misses and not event.facts.get("partly")
        for event in told
    }
    replies = complaint.messages.filter(kind=Kind.OUTBOUND, by__is_system=False)
    unsaid = (LetterState.UNDONE, LetterState.CANCELLED)
    replies = replies.exclude(letter__state__in=unsaid).exclude(letter__pending=True)
    missed = [letter for letter, is_lost in lost.items() if is_lost]
    return replies.exclude(letter__in=missed).exists()


def _settle(letter: Letter, **fields: Any) -> bool:
    """What became of it, unless it was called back meanwhile; the pages that show it ask again."""
    queued = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED)
    done = queued.update(taken_until=None, **fields)
    _told(letter)
    return bool(done)


def _told(letter: Letter) -> None:
    if letter.complaint_id is not None and letter.message_id is not None:
        from huiyin.journey.complaint import live

        complaint = letter.complaint_id
        transaction.on_commit(lambda: live.tell(complaint))


def reached(channel: str, outer_id: str, reach: str, why: str = "") -> bool:
    """The other side told what became of a letter; whether there is such a one. What was read is
    not undelivered again, whichever of the two reports comes first."""
    known = Letter.objects.filter(channel=channel, outer_id=outer_id[:120])
    if not outer_id or not (letter := known.select_related("complaint").first()):
        return False
    news = known.filter(pk=letter.pk).exclude(reach__in=(Reach.READ, reach))
    with transaction.atomic():
        if news.update(reach=reach, reached_at=moment.now(), error=why):
            Part.objects.filter(letter=letter, place=0).update(reach=reach)
            _told(letter)
            if reach == Reach.MISSED:
                _record_miss(letter, why)
    return True


def hold_on(letter: Letter) -> None:
    """Whoever carries it is still at it: ours for another while."""
    ours = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED)
    ours.update(taken_until=moment.now() + LEASE)


def lost(letter: Letter, why: str) -> None:
    """The other side told that something of it did not arrive."""
    with transaction.atomic():
        missed = {"reach": Reach.MISSED, "reached_at": moment.now(), "error": why}
        Letter.objects.filter(pk=letter.pk).update(**missed)
        _told(letter)
        _record_miss(letter, why)


def _unsealed(letter: Letter) -> str:
    """The body as it leaves the house: secrets that the outbox does not hold are put in now.

    Only into letters of a purpose that has such, so nobody gets one by writing a mark in a reply.
    """
    opens = settings.SEALS.get(letter.purpose)
    if opens is None:
        return letter.body
    return rules.SEAL.sub(lambda found: str(import_string(opens)(found[1])), letter.body)


@transaction.atomic
def retry_letter(letter: Letter, *, by: User | None = None) -> None:
    """Put a failed or held letter into the queue again. With a reply that had failed somebody
    answers the customer after all, as with the same from its story (`resend`)."""
    stuck = Letter.objects.filter(state__in=(LetterState.FAILED, LetterState.HELD))
    held = stuck.select_for_update(of=("self",)).select_related("complaint").filter(pk=letter.pk)
    found = held.first()
    if found is None:
        return
    had_failed = found.state == LetterState.FAILED
    found.state, found.tries, found.error = LetterState.QUEUED, 0, ""
    found.next_try_at = moment.now()
    found.save(update_fields=["state", "tries", "error", "next_try_at"])
    if by is not None and had_failed and found.message_id and found.complaint is not None:
        record(What.REPLY_RESENT, found.complaint, by=by, letter=found.pk)


def cancel_letter(letter: Letter) -> None:
    """Never send it; what is sent already, or is being sent just now, is not called back. A reply
    that has not left is then undone: nobody has said it."""
    if (
        Letter.objects.undoable()
        .filter(pk=letter.pk)
        .update(state=LetterState.UNDONE, pending=False)
    ):
        return
    waiting = Letter.objects.filter(pk=letter.pk, taken_until=None)
    gone = (LetterState.SENT, LetterState.UNDONE)
    if not waiting.exclude(state__in=gone).update(state=LetterState.CANCELLED, pending=False):
        raise Refused(_("这封信刚刚已经发出，不能再取消"))
