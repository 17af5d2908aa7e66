"""The end of a chat as the desk writes it: what is proposed, what is corrected, what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from huiyin.ground.customers.actions import Contact, points_of
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.ground.privacy.actions import reveal
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.actions.planning import checked_appointment
from huiyin.journey.callbacks.rules import GRACE
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.channels.chat.actions.beginning import owner_of
from huiyin.journey.channels.chat.actions.distributing import distribute
from huiyin.journey.channels.chat.actions.ending import end
from huiyin.journey.channels.chat.actions.lines import held, write
from huiyin.journey.channels.chat.actions.transcript import words_of
from huiyin.journey.channels.chat.models import Chat
from huiyin.journey.channels.chat.permissions import can_answer, can_end, directs
from huiyin.journey.channels.chat.rules import one_line
from huiyin.journey.channels.chat.words import By, Outcome
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping.actions import named
from huiyin.journey.intake import known
from huiyin.journey.triage import knowledge, shown

LONGEST_READ = 4000
ENOUGH_TO_READ = 4


@dataclass(frozen=True)
class Proposal:
    """What stands in the form before anybody has typed: the agent decides."""

    category: str = ""
    severity: int | None = None
    hints: dict[str, Any] = field(default_factory=dict)
    similar: list[known.Similar] = field(default_factory=list)


def proposal(chat: Chat, user: User) -> Proposal:
    """Category and severity as triage reads the visitor's words; open complaints that may be the
    same story, as far as this person sees them."""
    text = words_of(chat)[:LONGEST_READ]
    similar = known.similar_open(
        user, text=text, order_no=chat.order_no, phone=chat.phone, email=chat.email
    )
    if len(text.strip()) < ENOUGH_TO_READ:
        return Proposal(category=chat.category, similar=similar)
    reading = knowledge.preview(text, category=chat.category, channel="chat")
    return Proposal(
        category=chat.category or reading.category,
        severity=int(reading.severity),
        hints=shown.hints(reading, text),
        similar=similar,
    )


@transaction.atomic
def correct(chat: Chat, *, by: User, name: str, phone: str, email: str, order_no: str = "") -> None:
    """Who it is, as he said it in the chat; what is empty is left as it stands."""
    can_end.require(by, chat)
    typed = {
        "name": one_line(name, 80),
        "phone": one_line(phone, 40),
        "email": one_line(email, 254),
        "order_no": one_line(order_no, 64),
    }
    told = {key: value for key, value in typed.items() if value}
    if not told:
        return
    points_of(Contact(phone=told.get("phone", ""), email=told.get("email", "")))
    kept = held(chat)
    phone, email = told.get("phone", kept.phone), told.get("email", kept.email)
    told_of: dict[str, str | Customer | None] = {**told, "customer": owner_of(phone, email)}
    Chat.objects.filter(pk=kept.pk).update(**told_of)
    for key, value in told_of.items():
        setattr(chat, key, value)


@transaction.atomic
def sum_up(
    chat: Chat,
    *,
    by: User,
    outcome: str,
    summary: str,
    number: str = "",
    category: str = "",
    severity: int | None = None,
    contact: Contact | None = None,
    order_no: str = "",
    call_at: datetime | None = None,
) -> Complaint | None:
    """End it, or write the summary of one that has ended: a new complaint, one of that number, or
    none with the reason as its summary. `call_at`: when he asked to be called."""
    can_end.require(by, chat)
    if call_at is not None:
        if outcome == Outcome.NONE:
            sentence = _("约了回电就要登记：请选择登记为新投诉，或归入已有投诉")
            raise Invalid(sentence, call_at=sentence)
        call_at = checked_appointment(call_at, name="call_at")
    if contact is not None and outcome == Outcome.COMPLAINT:
        own = {"name": contact.name, "phone": contact.phone, "email": contact.email}
        correct(chat, by=by, **own, order_no=order_no)
    complaint = None
    if outcome == Outcome.EXISTING and (number or chat.complaint_id is None):
        complaint = named(by, number, field="number")
    if outcome == Outcome.NONE and len(summary.strip()) < 2:
        sentence = _("请写明为什么不登记，例如：只问营业时间")
        raise Invalid(sentence, summary=sentence)
    made = end(
        chat,
        by=by,
        outcome=outcome,
        summary=summary,
        complaint=complaint,
        category=category,
        severity=severity,
    )
    if made is not None and call_at is not None:
        callbacks.ask(
            made,
            kind=CallbackKind.ASKED,
            reason=frozen(gettext_lazy("客户在在线聊天里约的回电")),
            due_at=call_at + GRACE,
            by=by,
            source=f"chat:{chat.pk}",
            person=made.assignee or by,
            appointment_at=call_at,
        )
    transaction.on_commit(distribute)
    return made


@transaction.atomic
def show_contact(chat: Chat, *, by: User, reason: str) -> Chat:
    """Behind the mask: with a reason that stands in the chat, and in the log where he is known."""
    if not (can_answer(by, chat) or directs(by, chat)):
        can_end.require(by, chat)
    reason = one_line(reason, 200)
    if len(reason) < 4:
        sentence = _("请写明查看理由，至少 4 个字，例如：回电核实情况")
        raise Invalid(sentence, reason=sentence)
    if chat.customer is not None:
        reveal(chat.customer, by=by, reason=reason)
    write(held(chat), By.WHISPER, _("查看了完整联系方式：%(why)s") % {"why": reason}, by=by)
    return chat
