"""Pulling back (收回) what nobody signed for yet, and who may see it until then."""

from __future__ import annotations

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import barred_from, let_in
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.routing import rules
from huiyin.journey.routing.actions.giving import end_current
from huiyin.journey.routing.models import Assignment
from huiyin.journey.routing.permissions import can_pull_back, directs
from huiyin.journey.routing.words import How


@transaction.atomic
def pull_back(complaint: Complaint, *, by: User, reason: str) -> None:
    """Take back what nobody signed for yet: to whoever worked on it before, else to the pool."""
    can_pull_back.require(by, complaint)
    reason = said(reason, name="reason", most=rules.LONGEST_NOTE, missing=_("请写明收回原因"))
    if complaint.status != Status.DIS:
        raise Refused(_("这条投诉不在待签收状态，不能收回；已经签收的请改派"))
    had, before = complaint.assignee, _worked_before(complaint)
    to = before.assignee if before is not None else None
    team = before.team if before is not None else complaint.team
    complaint.move_to(Status.HND if to is not None else Status.TRI)
    end_current(complaint)
    complaint.carry(seen={"assignee": had}, team=team, assignee=to)
    if to is not None and team is not None:
        now = moment.now()
        Assignment.objects.create(
            complaint=complaint,
            team=team,
            assignee=to,
            how=How.PULL_BACK,
            by=by,
            reason=reason,
            severity=complaint.severity,
            at=now,
            accepted_at=now,
        )
    record(
        What.PULLED_BACK,
        complaint,
        by=by,
        reason=reason,
        was=had.name if had else "",
        people=[had.pk] if had else [],
        to=to.name if to else "",
        team=team.name if team else "",
    )


def _worked_before(complaint: Complaint) -> Assignment | None:
    """What was handed over goes back to whoever handed it over, as long as he still works here."""
    current = complaint.assignments.current().first()
    if current is None or current.how != How.HAND_OVER:
        return None
    worked = complaint.assignments.exclude(accepted_at=None).exclude(ended_at=None)
    last = worked.select_related("assignee", "team").last()
    if last is None or last.assignee is None or not last.assignee.is_active:
        return None
    return None if last.assignee.pk in barred_from(complaint) else last


def see_until_signed(given: Assignment, giver: User) -> None:
    """Whoever handed it over sees it until it is signed for: he may have to take it back."""
    complaint = given.complaint
    known = giver.pk in (complaint.received_by_id, complaint.owner_id)
    if complaint.restricted or known or directs(giver, complaint):
        return
    let_in(complaint, [giver], by=User.objects.system())
    Assignment.objects.filter(pk=given.pk).update(let_in=True)
