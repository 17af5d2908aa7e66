"""What is done before it is solved: of an S1 the decision to stop what harms, else a reply."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.clocks.actions.following import stop
from huiyin.journey.clocks.actions.planning import carry_next
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.conversation.actions import note, reply
from huiyin.journey.conversation.models import Message
from huiyin.journey.routing.permissions import can_handle


@transaction.atomic
def give_interim(complaint: Complaint, *, by: User, text: str, channel: str = "") -> Message:
    """Settle the interim limit. Of an S1 an internal decision (stop the sale, call it back, keep
    evidence); of others a reply that tells the customer how it stands. Raises Invalid with text."""
    can_handle.require(by, complaint)
    complaint.hold()
    waiting = complaint.clocks.own().filter(kind=ClockKind.INTERIM, stopped_at=None)
    if not waiting.exists():
        raise Refused(_("这条投诉没有等待登记的临时措施，请刷新页面"))
    if complaint.severity == Severity.S1:
        decided = f"{_('临时措施')}：{text.strip()}" if text.strip() else ""
        message = note(complaint, by=by, text=decided)
    else:
        message = reply(complaint, by=by, text=text, channel=channel)
    stop(waiting, at=moment.now(), by=by)
    carry_next(complaint)
    return message
