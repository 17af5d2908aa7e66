"""A call and its complaint: linked once, and everything that waited with the call goes there."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.phone.actions import again, fetching, hearing, telling
from huiyin.journey.channels.phone.models import Call
from huiyin.journey.channels.phone.permissions import can_work
from huiyin.journey.channels.phone.words import Did
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions.writing import not_sealed


def hold(call: Call) -> Call:
    """The row as it is now, kept still until commit."""
    rows = Call.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agent", "complaint", "customer", "hook", "callback").get(pk=call.pk)


@transaction.atomic
def link(call: Call, complaint: Complaint, *, by: User) -> Call:
    """This call is about that complaint. Whoever asks this has asked that `by` sees both."""
    can_work.require(by, call)
    call = hold(call)
    if call.complaint_id == complaint.pk:
        return call
    if call.complaint_id is not None:
        raise Refused(_("这通电话已经关联到另一条投诉，不能再改"))
    not_sealed(complaint)
    call.complaint, call.no_complaint = complaint, False
    if call.customer_id is None:
        call.customer = complaint.customer
    telling.act_of(call, Did.LINKED, by=by)
    telling.follow(call)
    hearing.ping(again.let_go(call))
    telling.tell_acts(call)
    fetching.attach_kept(call)
    if call.finished_at is not None:
        keep_note(call)
    call.save()
    hearing.ping({call.agent_id, by.pk})
    return call


@transaction.atomic
def registered(key: UUID, complaint: Complaint, *, by: User) -> None:
    """The registration that this call led to: its notes stand in the text already."""
    call = Call.objects.visible_to(by).filter(draft_key=key, complaint=None).first()
    if call is None or not can_work(by, call):
        return
    if call.notes and call.notes.strip() in complaint.text:
        Call.objects.filter(pk=call.pk).update(noted_at=moment.now())
    link(call, complaint, by=by)


def to_register(user: User, typed: str) -> Call | None:
    """The call that a registration begins from, if it is this person's and has no complaint."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 18):
        return None
    call = Call.objects.visible_to(user).filter(pk=int(typed), complaint=None).first()
    return call if call is not None and can_work(user, call) else None


@transaction.atomic
def set_aside(call: Call, *, by: User) -> None:
    """It was no complaint: an enquiry, a wrong number."""
    can_work.require(by, call)
    call = hold(call)
    if call.complaint_id is not None:
        raise Refused(_("这通电话已经关联到一条投诉"))
    call.no_complaint = True
    call.save(update_fields=["no_complaint"])


def keep_note(call: Call) -> None:
    """What was written during the call becomes an internal note, once, by whoever wrote it."""
    text = call.notes.strip()
    if not text or call.noted_at is not None or call.complaint is None or call.agent is None:
        return
    conversation.note(call.complaint, by=call.agent, text=_("通话记录：") + text)
    call.noted_at = moment.now()
    call.save(update_fields=["noted_at"])
