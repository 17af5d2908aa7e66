"""Once it is settled whose it is: nobody is called any more, and who gave it need not see it."""

from __future__ import annotations

from datetime import datetime

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Sight, What
from huiyin.journey.routing.actions.owning import own
from huiyin.journey.routing.models import Ring
from huiyin.journey.routing.words import RingEnd


def settle(event: Event) -> None:
    """Follow a signature, a return, a pull-back. Who signs first may own it from then on."""
    complaint = event.complaint
    accepted = event.what == What.ACCEPTED
    if accepted:
        own(complaint, complaint.assignee or event.by)
    end_ring(complaint, by=event.by if accepted else None)
    giver_is_done(complaint)


def end_ring(complaint: Complaint, *, by: User | None = None) -> None:
    """The call ends: `by` has accepted, or it is not needed any more."""
    if complaint._state.adding:
        return
    lasting = complaint.rings.lasting().first()
    if lasting is not None:
        ended(lasting, RingEnd.ACCEPTED if by else RingEnd.STOPPED, moment.now(), by=by)


def ended(lasting: Ring, how: RingEnd, at: datetime, *, by: User | None = None) -> None:
    Ring.objects.filter(pk=lasting.pk).update(ended_at=at, end=how, accepted_by=by)
    let = lasting.calls.filter(let_in=True).values_list("person", flat=True)
    gone = set(let) - ({by.pk} if by is not None else set())
    if gone:  # they saw it only to answer
        lasting.complaint.access.filter(sight=Sight.NAMED, user__in=gone).delete()


def giver_is_done(complaint: Complaint) -> None:
    """Whoever handed it over saw it until it was signed for, to take it back if need be."""
    if complaint._state.adding:
        return
    let = complaint.assignments.filter(let_in=True)
    givers = list(let.values_list("by", flat=True))
    if not givers:
        return
    let.update(let_in=False)
    if not complaint.restricted:
        complaint.access.filter(sight=Sight.NAMED, user__in=givers).delete()
