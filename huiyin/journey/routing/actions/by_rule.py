"""Who gets it by rule: the team of the category, its least loaded present member, S1 at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Max, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.actions import barred_from
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.routing import rules
from huiyin.journey.routing.actions.giving import end_current, give, into_pool
from huiyin.journey.routing.actions.hurrying import escalate
from huiyin.journey.routing.models import Assignment, Route
from huiyin.journey.routing.people import supervisor_on_duty
from huiyin.journey.routing.words import How

DESK = "desk"  # the team that triages what nobody is sure of


def route_on_triage(event: Event) -> None:
    """Follow a triage: the team of the category, and its least loaded present member.

    S1 goes to the duty supervisor at once. What is neither sure nor confirmed goes to the
    complaint desk and waits there for a person.
    """
    complaint = event.complaint
    if complaint.status != Status.TRI:
        return
    system = User.objects.system()
    unsure = not complaint.category_confirmed and not event.facts.get("sure")
    barred = barred_from(complaint)
    if complaint.severity == Severity.S1:
        team = team_of(complaint.category) or desk()
        supervisor = supervisor_on_duty(team)
        if team is not None and supervisor is not None and supervisor.pk not in barred:
            give(complaint, team=team, to=supervisor, by=system, how=How.GREEN)
            return
    team = desk() if unsure else team_of(complaint.category) or desk()
    if team is None:
        return  # an installation without teams: it waits in 待派单
    to = None if unsure else least_loaded_in(team, but=barred)
    if to is not None:
        give(complaint, team=team, to=to, by=system, how=How.ROUTE)
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
    if complaint.status not in (Status.TRI, Status.DIS):
        if raised and complaint.is_open:
            escalate(complaint, by=User.objects.system(), reason=_("严重程度升为 S1"))
        return
    team = team_of(complaint.category)
    stays = team is None or team == complaint.team
    if complaint.assignee_id is not None and stays and not raised:
        return
    if complaint.status == Status.DIS:
        end_current(complaint)
        complaint.move_to(Status.TRI)
    route_on_triage(event)


def team_of(category: str) -> Team | None:
    """The team of the longest route that covers this category."""
    routes = {route.category_prefix: route.team for route in Route.objects.select_related("team")}
    teams = {prefix: team.pk for prefix, team in routes.items() if team.retired_at is None}
    found = rules.route_for(category, teams)
    return next((team for team in routes.values() if team.pk == found), None)


def desk() -> Team | None:
    return Team.objects.filter(code=DESK, retired_at=None).first()


def least_loaded_in(team: Team, *, but: Collection[int] = ()) -> User | None:
    """Whoever carries least of those who are here, `but` the barred. Load is work, not a count."""
    members = User.objects.present_in(team).with_role(Role.AGENT, Role.SPECIALIST)
    members = members.exclude(pk__in=but) if but else members
    weights = Case(*(When(severity=s, then=w) for s, w in rules.WEIGHT.items()), default=1)
    people = {user.pk: user for user in members}
    carried = dict(
        Complaint.objects.open()
        .filter(assignee__in=people)
        .values_list("assignee")
        .annotate(load=Coalesce(Sum(weights), 0))
    )
    last = dict(
        Assignment.objects.filter(assignee__in=people, ended_at=None)
        .values_list("assignee")
        .annotate(last=Max("at"))
    )
    loads = [rules.Load(pk, carried.get(pk, 0), last.get(pk)) for pk in people]
    return people.get(rules.least_loaded(loads) or 0)
