"""首接负责: whoever received it answers to the customer, whoever works on it."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import let_in, refuse_barred
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing import rules
from huiyin.journey.routing.permissions import HANDLERS, can_change_owner


def own_on_receipt(event: Event) -> None:
    """Follow a receipt: a handler who took it in answers for it from then on."""
    complaint = event.complaint
    receiver = complaint.received_by
    if complaint.owner is None and receiver is not None and receiver.has_role(*HANDLERS):
        complaint.carry(owner=receiver)


def own(complaint: Complaint, person: User) -> None:
    """Where nobody of us received it, the first who signs answers for it."""
    if complaint.owner_id is None:
        complaint.carry(owner=person)


@transaction.atomic
def change_owner(complaint: Complaint, *, by: User, to: User | None, reason: str) -> None:
    """Another person answers to the customer from now on; both are told why."""
    can_change_owner.require(by, complaint)
    if to is None or not to.is_active or not to.has_role(*HANDLERS):
        raise Invalid(_("请选择一位处理人员"), to=_("请选择"))
    reason = said(
        reason, name="reason", most=rules.LONGEST_NOTE, missing=_("请写明变更首接负责人的原因")
    )
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不用再变更首接负责人"))
    if to.pk == complaint.owner_id:
        raise Invalid(_("现在就由这位同事负责"), to=_("请选择另一位同事"))
    refuse_barred(complaint, to)
    old = complaint.owner
    complaint.carry(seen={"owner": old}, owner=to)
    if complaint.restricted:
        let_in(complaint, [to], by=by)
    record(
        What.OWNER_CHANGED,
        complaint,
        by=by,
        to=to.name,
        was=old.name if old else "",
        people=[person.pk for person in (old, to) if person],
        reason=reason,
    )
