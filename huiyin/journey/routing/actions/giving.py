"""Writing down who has it: the one place where team and assignee change hands."""

from __future__ import annotations

from collections.abc import Iterable

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.actions import refuse_barred
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.routing import rules
from huiyin.journey.routing.actions.choosing import is_angry
from huiyin.journey.routing.actions.settling import end_ring, giver_is_done
from huiyin.journey.routing.models import Assignment
from huiyin.journey.routing.rules import Reason
from huiyin.journey.routing.words import How


def give(
    complaint: Complaint,
    *,
    team: Team,
    to: User,
    by: User,
    how: str,
    reason: str = "",
    what: What = What.DISPATCHED,
    why: Iterable[Reason] = (),
) -> Assignment:
    """Move to 待签收 with a new assignment; the previous one ends."""
    refuse_barred(complaint, to)
    second_rework_by_another(complaint, to)
    if complaint.status != Status.DIS:
        complaint.move_to(Status.DIS)
    now_with(complaint, team=team, to=to, how=how)
    assignment = Assignment.objects.create(
        complaint=complaint,
        team=team,
        assignee=to,
        how=how,
        by=by,
        reason=reason,
        severity=complaint.severity,
        angry=is_angry(complaint),
        why=list(why),
        at=moment.now(),
    )
    record(what, complaint, by=by, team=team.name, to=to.name, how=how, reason=reason)
    return assignment


def into_pool(complaint: Complaint, *, team: Team, by: User, how: str, reason: str = "") -> None:
    """Into the team's pool (待派单): whoever is present takes it."""
    if complaint.status != Status.TRI:
        complaint.move_to(Status.TRI)
    now_with(complaint, team=team, to=None, how=how)
    record(What.DISPATCHED, complaint, by=by, team=team.name, to="", how=how, reason=reason)


def end_current(complaint: Complaint) -> None:
    if not complaint._state.adding:
        complaint.assignments.current().update(ended_at=moment.now())


def now_with(complaint: Complaint, *, team: Team, to: User | None, how: str) -> None:
    """It changes hands: who had it has not, who is called is not, unless it is the call's own."""
    end_current(complaint)
    giver_is_done(complaint)
    if how != How.GREEN:
        end_ring(complaint)
    seen = {"team": complaint.team, "assignee": complaint.assignee}
    complaint.carry(seen=seen, team=team, assignee=to)


def second_rework_by_another(complaint: Complaint, to: User) -> None:
    """What a customer was not content with, and what came back twice, goes to somebody who did not
    work on it before (domain §7.3)."""
    if complaint._state.adding:
        return
    reworked = complaint.events.filter(what=What.REWORKED).order_by("pk")
    times = list(reworked.values_list("at", "facts"))
    if not times:
        return
    last, facts = times[-1]
    if len(times) < rules.BY_ANOTHER_AFTER and not facts.get("another"):
        return
    worked = complaint.assignments.filter(at__lte=last).exclude(accepted_at=None)
    if worked.filter(assignee=to).exists():
        sentence = _("这条投诉重办要换人办理：%(name)s 之前办过，请选择另一位同事")
        raise Invalid(sentence % {"name": to.name}, to=_("请选择另一位同事"))
