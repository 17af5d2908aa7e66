"""What somebody says to an account of ours: one more word in his open complaint, or a new one.

All inside of the caller's transaction, in which his account's row is held: of two messages at once
the second sees what became of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.customers.models import ContactPoint
from huiyin.ground.customers.words import ContactKind
from huiyin.ground.people.models import User
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import connector_of, option
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.social.models import Account, File, Word
from huiyin.journey.channels.social.rules.naming import once
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Message
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake.words import Via

WINDOW_HOURS = 48  # in which the same author goes on with his open complaint
MOST_FILES = 20


@dataclass(frozen=True)
class Said:
    """One message, as a connector read it."""

    outer_id: str
    author: str
    text: str
    name: str = ""
    at: datetime | None = None
    thread: str = ""
    phone: str = ""
    email: str = ""
    files: tuple[dict[str, Any], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)  # what is needed to answer him


@dataclass(frozen=True)
class Heard:
    outcome: str
    complaint: Complaint | None = None


@transaction.atomic
def hear(hook: Hook, said: Said) -> Heard:
    """Take a message in. The same one again changes nothing."""
    account = _account(hook, said)
    at = min(said.at or moment.now(), moment.now())
    word = Word(hook=hook, outer_id=said.outer_id[:160], account=account, at=at)
    word.thread = said.thread[:120]
    if not Word.objects.bulk_create([word], ignore_conflicts=True) or _was_there(word, account):
        return Heard(_("先前已收到"), account.complaint)
    word = Word.objects.get(hook=hook, outer_id=word.outer_id)
    complaint = _going_on(account, said, hook)
    if complaint is None:
        complaint, message = _new(hook, account, said)
        outcome = _("新投诉")
    else:
        message = conversation.customer_wrote(
            complaint, by=User.objects.system(), text=said.text, channel=Channel.SOCIAL
        )
        outcome = _("并入会话")
    word.complaint, word.message = complaint, message
    word.save(update_fields=["complaint", "message"])
    want_files(hook, complaint, message, said.files)
    _spoke(account, said, complaint, at)
    return Heard(outcome, complaint)


def _was_there(word: Word, account: Account) -> bool:
    """Whether the row is of an earlier taking: it has its message already."""
    kept = Word.objects.filter(hook=word.hook, outer_id=word.outer_id).first()
    return kept is None or kept.message_id is not None or kept.account_id != account.pk


def _account(hook: Hook, said: Said) -> Account:
    """His row, held until the end of the transaction. Found by its id there, never by a name."""
    Account.objects.bulk_create(
        [Account(hook=hook, outer_id=said.author[:120])], ignore_conflicts=True
    )
    held = Account.objects.select_for_update(of=("self",)).select_related("customer", "complaint")
    return held.get(hook=hook, outer_id=said.author[:120])


def _going_on(account: Account, said: Said, hook: Hook) -> Complaint | None:
    """His own open complaint: of the thread he writes in, else of his last words within the window.
    Words of other accounts are never looked at."""
    if said.thread:
        same = Word.objects.filter(account=account, thread=said.thread[:120])
        last = same.exclude(complaint=None).select_related("complaint").order_by("-pk").first()
        if last is not None:
            return last.complaint if last.complaint and last.complaint.is_open else None
    complaint = account.complaint
    if complaint is None or not complaint.is_open or account.spoke_at is None:
        return None
    hours = int(option(hook, "window_hours") or WINDOW_HOURS)
    latest = max(filter(None, (account.spoke_at, _answered_at(complaint))))
    return complaint if moment.now() - latest <= timedelta(hours=hours) else None


def _answered_at(complaint: Complaint) -> datetime | None:
    sent = complaint.letters.filter(channel=Channel.SOCIAL).exclude(sent_at=None)
    return sent.order_by("-sent_at").values_list("sent_at", flat=True).first()


def _new(hook: Hook, account: Account, said: Said) -> tuple[Complaint, Message]:
    done = intake.register_once(
        by=User.objects.system(),
        channel=Channel.SOCIAL,
        contact=_contact(said),
        customer=account.customer,
        text=said.text,
        idempotency_key=once(f"{hook.pk}:{said.outer_id}"),
        caller="social",
        via=Via.SOCIAL,
    )
    complaint = done.complaint
    if account.customer is None:
        account.customer = complaint.customer
        _reached_by(account, said)
        _to_be_named(account, hook)
    if hook.team_id and complaint.team_id is None:
        complaint.carry(team=hook.team)
    message = complaint.messages.order_by("pk").first()
    assert message is not None
    return complaint, message


def _contact(said: Said) -> Contact:
    """What he says of himself. What cannot be a number or an address is left out, not refused."""
    from huiyin.ground.customers import rules

    return Contact(
        name=said.name[:80],
        phone=said.phone if rules.normalise_phone(said.phone) else "",
        email=said.email if rules.normalise_email(said.email) else "",
    )


def _reached_by(account: Account, said: Said) -> None:
    """The account stands among the ways to reach a customer who was made for it, and never in the
    record of somebody who was found by a number that anybody may type (V62)."""
    customer = account.customer
    if customer is None or customer.contact_points.exists():
        return
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                customer=customer,
                kind=ContactKind.SOCIAL,
                value=f"{account.hook.code}:{account.outer_id}"[:254],
                shown=(said.name or account.outer_id)[:254],
            )
        ],
        ignore_conflicts=True,
    )


def _to_be_named(account: Account, hook: Hook) -> None:
    """Where his name does not come with his words, the system is asked for it once, later: what he
    says is taken in whatever becomes of that."""
    if not account.name and hasattr(connector_of(hook.connector), "names"):
        account.naming_at = moment.now()


def want_files(
    hook: Hook, complaint: Complaint, message: Message | None, files: Sequence[dict[str, Any]]
) -> None:
    now = moment.now()
    File.objects.bulk_create(
        File(hook=hook, complaint=complaint, message=message, source=one, next_try_at=now)
        for one in files[:MOST_FILES]
    )


def _spoke(account: Account, said: Said, complaint: Complaint, at: datetime) -> None:
    account.name = (said.name or account.name)[:80]
    account.complaint, account.thread = complaint, said.thread[:120] or account.thread
    account.facts = {**account.facts, **said.facts}
    if account.spoke_at is None or at >= account.spoke_at:
        account.spoke_at, account.answers = at, 0
    account.follows = True if account.follows is False else account.follows
    account.save()


@transaction.atomic
def note_following(hook: Hook, author: str, *, follows: bool, name: str = "") -> str:
    """That somebody subscribed or left is noted; nothing else follows from it."""
    account = _account(hook, Said(outer_id="", author=author, text=""))
    account.follows = follows
    account.name = name[:80] or account.name
    account.save(update_fields=["follows", "name"])
    return _("关注") if follows else _("取消关注")
