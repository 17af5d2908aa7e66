"""Who gets it by rule, and what a corrected triage changes about that; S1 at once."""

from __future__ import annotations

from huiyin.ground.people.models import User
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import barred_from
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.routing.actions.choosing import aim, best_in, desk, team_of
from huiyin.journey.routing.actions.giving import end_current, give, into_pool
from huiyin.journey.routing.actions.hurrying import escalate
from huiyin.journey.routing.actions.ringing import ring
from huiyin.journey.routing.actions.settling import end_ring
from huiyin.journey.routing.rules import Reason
from huiyin.journey.routing.words import How


def route_on_triage(event: Event) -> None:
    """Follow a triage: where the rules and routes say, to whoever fits best of those here.

    S1 calls those on duty, rung by rung, until one accepts (ringing.py). What is neither sure nor
    confirmed goes to the complaint desk and waits there for a person, unless a rule takes it as
    it is.
    """
    complaint = event.complaint
    if complaint.status != Status.TRI:
        return
    system = User.objects.system()
    unsure = not complaint.category_confirmed and not event.facts.get("sure")
    barred = barred_from(complaint)
    found = aim(complaint, unsure=unsure)
    if complaint.severity == Severity.S1:
        team = found.team if found.rule else team_of(complaint.category) or desk()
        if team is not None and ring(complaint, team=team, by=system):
            return
    team = found.team
    if team is None:
        return  # an installation without teams: it waits in 待派单
    to, why = found.person, list[Reason]()
    if to is None or to.pk in barred:
        waits = unsure and found.rule is None
        to, why = (None, []) if waits else best_in(team, complaint, but=barred, rule=found.rule)
    if to is not None:
        give(complaint, team=team, to=to, by=system, how=How.ROUTE, why=[*found.why, *why])
    elif complaint._state.adding:
        complaint.carry(team=team)
    else:
        into_pool(complaint, team=team, by=system, how=How.ROUTE)


def reroute_on_correction(event: Event) -> None:
    """Follow a corrected triage as long as nobody has signed for it; later S1 calls a supervisor.

    What waits in a pool is looked at again in any case: now it is sure whose it is.
    """
    complaint = event.complaint
    before = (event.facts.get("old") or {}).get("severity")
    raised = complaint.severity == Severity.S1 and before != Severity.S1
    if complaint.severity != Severity.S1:
        end_ring(complaint)
    if complaint.status not in (Status.TRI, Status.DIS):
        if raised and complaint.is_open:
            escalate(complaint, by=User.objects.system(), reason=_("严重程度升为 S1"))
        return
    team = aim(complaint, unsure=False).team
    stays = team is None or team == complaint.team
    if complaint.assignee_id is not None and stays and not raised:
        return
    if complaint.status == Status.DIS:
        end_current(complaint)
        complaint.move_to(Status.TRI)
    route_on_triage(event)
