"""A text that came in: a word in the complaint that this number and we write about, a wish to have
no more texts, or a new complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact
from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.sms.models import Number, Text, number_of, settled
from huiyin.journey.channels.sms.rules.length import counted
from huiyin.journey.channels.sms.words import Direction, RuleKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.intake import actions as intake
from huiyin.journey.intake.words import Via

WINDOW_HOURS = 72
LOCK = 20_431  # of the advisory locks: texts of one number one after the other


@dataclass(frozen=True)
class Incoming:
    outer_id: str
    number: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Heard:
    outcome: str
    complaint: Complaint | None = None


@transaction.atomic
def hear(hook: Hook, told: Incoming) -> Heard:
    """Take it in. The same one again changes nothing."""
    number = normalise_phone(told.number)
    if not number:
        raise Invalid(_("号码看起来不对"))
    _one_by_one(number)
    now = moment.now()
    known = Text.objects.filter(hook=hook, direction=Direction.IN, outer_id=told.outer_id[:120])
    if there := known.select_related("complaint").first():
        if (there.text, there.number) != (told.text, number):
            raise Invalid(_("这个编号先前已收到，内容却不同"))
        return Heard(_("先前已收到"), there.complaint)
    text = Text(
        hook=hook,
        direction=Direction.IN,
        outer_id=told.outer_id[:120],
        number=number,
        text=told.text,
        parts=max(1, counted(told.text).parts),
        at=min(told.at or now, now),
    )
    if outcome := _wish(number, told.text):
        text.save()
        return Heard(outcome)
    complaint = _going_on(number)
    if complaint is not None:
        text.message = conversation.customer_wrote(
            complaint, by=User.objects.system(), text=told.text, channel=Channel.SMS
        )
        outcome = _("并入投诉")
    else:
        complaint, outcome = _new(hook, number, told), _("新投诉")
    text.complaint = complaint
    text.save()
    return Heard(outcome, complaint)


def _one_by_one(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, number])


def _wish(number: str, text: str) -> str:
    """The whole text is one of the words for “no more”, or for “again”."""
    said = text.strip().strip("。.!！").casefold()
    rules = settled()
    if said in {one.casefold() for one in rules.get(RuleKind.STOP, ())}:
        Number.objects.update_or_create(value=number, defaults={"stopped_at": moment.now()})
        return _("退订")
    if said in {one.casefold() for one in rules.get(RuleKind.START, ())}:
        Number.objects.filter(value=number).update(stopped_at=None)
        return _("恢复接收")
    return ""


def _going_on(number: str) -> Complaint | None:
    """What the last text to or from this very number within the window was about, while that is
    open: people write three texts in a row, and only the first has no answer of ours before it."""
    since = moment.now() - timedelta(hours=number_of(RuleKind.WINDOW, WINDOW_HOURS))
    texts = Text.objects.filter(number=number, at__gt=since)
    last = texts.exclude(complaint=None).select_related("complaint").order_by("-at", "-pk").first()
    if last is None or last.complaint is None or not last.complaint.is_open:
        return None
    return last.complaint


def _new(hook: Hook, number: str, told: Incoming) -> Complaint:
    done = intake.register_once(
        by=User.objects.system(),
        channel=Channel.SMS,
        contact=Contact(phone=number),
        text=told.text,
        caller="sms",
        via=Via.SMS,
    )
    if hook.team_id and done.complaint.team_id is None:
        done.complaint.carry(team=hook.team)
    return done.complaint
