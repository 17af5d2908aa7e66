"""What follows when somebody is barred (回避): what he had goes back to where it is given anew."""

from __future__ import annotations

from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.routing.actions.choosing import desk
from huiyin.journey.routing.actions.giving import end_current


def leave_when_barred(event: Event) -> None:
    """Whoever handles it no longer does: the pool of the team has it, or the complaint desk.

    Signed for already it keeps its status; whoever takes it signs anew. Lead and supervisor are
    told, for nobody works on it now.
    """
    complaint, person = event.complaint, event.facts["person"]
    if complaint.owner_id == person:
        complaint.carry(owner=None)
    if complaint.assignee_id != person or not complaint.is_open:
        return
    if complaint.status == Status.DIS:
        complaint.move_to(Status.TRI)
    end_current(complaint)
    team = complaint.team or desk()
    complaint.carry(seen={"assignee": complaint.assignee}, team=team, assignee=None)
    reason = f"{frozen(What.BARRED.label)} · {event.facts['name']}"
    record(What.RETURNED, complaint, by=event.by, reason=reason, team=team.name if team else "")
