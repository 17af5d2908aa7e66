"""Giving, taking, signing for, handing over, returning; waiting and urging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Case, Max, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Severity, Status, What
from huiyin.journey.routing import rules
from huiyin.journey.routing.models import Assignment, Route, Urging
from huiyin.journey.routing.permissions import (
    HANDLERS,
    can_accept,
    can_dispatch,
    can_handle,
    can_take,
    can_urge,
)
from huiyin.journey.routing.words import How, Whom

DESK = "desk"  # the team that triages what nobody is sure of


def tried(act: Callable[..., object], *subject: Any, **how: Any) -> str:
    """One act of many: the sentence of its refusal, or "". For bulk acts, where the rest goes on."""
    try:
        with transaction.atomic():
            act(*subject, **how)
    except Refused as refused:
        return str(refused.sentence)
    return ""


# --- by rule ---------------------------------------------------------------------------------------


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
    if complaint.severity == Severity.S1:
        team = _team_of(complaint.category) or _desk()
        supervisor = _supervisor_for(team)
        if team is not None and supervisor is not None:
            _give(complaint, team=team, to=supervisor, by=system, how=How.GREEN)
            return
    team = _desk() if unsure else _team_of(complaint.category) or _desk()
    if team is None:
        return  # an installation without teams: it waits in 待分配
    to = None if unsure else _least_loaded_in(team)
    if to is None:
        complaint.carry(team=team)  # the team's pool: whoever is present takes it
    else:
        _give(complaint, team=team, to=to, by=system, how=How.ROUTE)


def reroute_on_correction(event: Event) -> None:
    """Follow a corrected category, as long as nobody has signed for it."""
    complaint = event.complaint
    if complaint.status not in (Status.TRI, Status.DIS):
        return
    team = _team_of(complaint.category)
    if team is None or team == complaint.team:
        return
    if complaint.status == Status.DIS:
        _end_current(complaint)
        complaint.move_to(Status.TRI)
        complaint.carry(team=None, assignee=None)
    route_on_triage(event)


def _team_of(category: str) -> Team | None:
    routes = {route.category_prefix: route.team for route in Route.objects.select_related("team")}
    teams = {prefix: team.pk for prefix, team in routes.items() if team.retired_at is None}
    found = rules.route_for(category, teams)
    return next((team for team in routes.values() if team.pk == found), None)


def _desk() -> Team | None:
    return Team.objects.filter(code=DESK, retired_at=None).first()


def _supervisor_for(team: Team | None) -> User | None:
    """Who is on duty for this team; else any present supervisor of it; else any at all."""
    if team is None:
        return None
    on_duty = team.duty_supervisor
    if on_duty and on_duty.is_active and on_duty.presence != Presence.AWAY:
        return on_duty
    present = User.objects.active().filter(presence=Presence.PRESENT)
    supervisors = present.with_role(Role.SUPERVISOR, Role.MANAGER)
    return supervisors.filter(teams=team).first() or supervisors.first() or on_duty


def _least_loaded_in(team: Team) -> User | None:
    members = User.objects.present_in(team).with_role(Role.AGENT, Role.SPECIALIST)
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


def _give(
    complaint: Complaint, *, team: Team, to: User | None, by: User, how: str, reason: str = ""
) -> Assignment:
    """Move to 待签收 with a new assignment; the previous one ends."""
    now = moment.now()
    if complaint.status != Status.DIS:
        complaint.move_to(Status.DIS)
    _end_current(complaint)
    complaint.carry(
        seen={"team": complaint.team, "assignee": complaint.assignee}, team=team, assignee=to
    )
    assignment = Assignment.objects.create(
        complaint=complaint, team=team, assignee=to, how=how, by=by, reason=reason, at=now
    )
    record(
        What.DISPATCHED,
        complaint,
        by=by,
        team=team.name,
        to=to.name if to else "",
        how=how,
        reason=reason,
    )
    return assignment


def _end_current(complaint: Complaint) -> None:
    if not complaint._state.adding:
        complaint.assignments.current().update(ended_at=moment.now())


# --- by people --------------------------------------------------------------------------------------


@transaction.atomic
def dispatch(
    complaint: Complaint, *, by: User, team: Team, to: User | None = None, note: str = ""
) -> Assignment | None:
    """Give it to a team, or to a member of it (派单, 改派). To the team alone: into its pool."""
    can_dispatch.require(by, complaint)
    if team.retired_at is not None:
        raise Invalid(_("这个小组已停用，请选择其他小组"), team=_("小组已停用"))
    if to is not None and not _belongs(to, team):
        sentence = _("%(name)s 不是 %(team)s 的处理人员，请选择该组成员")
        raise Invalid(sentence % {"name": to.name, "team": team.name}, to=_("不是该组成员"))
    _not_before_triage(complaint)
    if to is None:
        to = _least_loaded_in(team)
    if to is not None:
        return _give(complaint, team=team, to=to, by=by, how=How.DISPATCH, reason=note)
    if complaint.status == Status.DIS:
        complaint.move_to(Status.TRI)
    elif complaint.status != Status.TRI:
        raise Refused(_("%(team)s 现在无人在岗，请指定一位组员") % {"team": team.name})
    _end_current(complaint)
    seen = {"team": complaint.team, "assignee": complaint.assignee}
    complaint.carry(seen=seen, team=team, assignee=None)
    record(What.DISPATCHED, complaint, by=by, team=team.name, to="", how=How.DISPATCH, reason=note)
    return None


def _not_before_triage(complaint: Complaint) -> None:
    if complaint.status in (Status.NEW, Status.REG):
        raise Refused(_("这条投诉还没有分级，请先完成分级再派单"))
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不能再派单；需要继续处理请先重开"))


def _belongs(user: User, team: Team) -> bool:
    return user.is_active and user.has_role(*HANDLERS) and team.pk in user.team_ids


@transaction.atomic
def take(complaint: Complaint, *, by: User) -> Assignment:
    """Take one from the pool of one's own team, and sign for it at once. Of two, one gets it."""
    can_take.require(by, complaint)
    if complaint.assignee_id is not None or complaint.team is None:
        raise Refused(_("这条投诉已经有人处理了，请刷新列表"))
    assignment = _give(complaint, team=complaint.team, to=by, by=by, how=How.TAKE)
    accept(complaint, by=by)
    return assignment


@transaction.atomic
def accept(complaint: Complaint, *, by: User) -> None:
    """Sign for it (签收): from now on this person works on it."""
    can_accept.require(by, complaint)
    complaint.move_to(Status.HND)
    complaint.assignments.current().update(accepted_at=moment.now())
    record(What.ACCEPTED, complaint, by=by)


@transaction.atomic
def hand_over(complaint: Complaint, *, by: User, to: User, note: str) -> Assignment:
    """Pass it to a colleague (转派) with a note that tells what to know. Three hops at most."""
    can_handle.require(by, complaint)
    note = _said(note, _("请写明转派说明，让接手的人不用再问客户"))
    team = next((t for t in to.teams.filter(retired_at=None) if t.pk == complaint.team_id), None)
    team = team or to.teams.filter(retired_at=None).first()
    if team is None or not _belongs(to, team):
        raise Invalid(_("这位同事不在任何处理小组，不能接手"), to=_("请选择处理人员"))
    if to.pk == complaint.assignee_id:
        raise Invalid(_("这条投诉已经在这位同事手上"), to=_("请选择另一位同事"))
    hops = complaint.assignments.filter(how=How.HAND_OVER).count()
    if hops >= rules.MOST_HOPS and not can_dispatch(by, complaint):
        raise Refused(_("这条投诉已转派三次，请由主管决定由谁负责"))
    assignment = _give(complaint, team=team, to=to, by=by, how=How.HAND_OVER, reason=note)
    record(What.HANDED_OVER, complaint, by=by, to=to.name, note=note)
    return assignment


@transaction.atomic
def give_back(complaint: Complaint, *, by: User, reason: str, team: Team | None = None) -> None:
    """Return what is not one's own (退回), with the reason, and the right team when known."""
    can_handle.require(by, complaint)
    reason = _said(reason, _("请写明退回原因"))
    complaint.move_to(Status.TRI)
    _end_current(complaint)
    target = team if team is not None and team.retired_at is None else _desk() or complaint.team
    seen = {"team": complaint.team, "assignee": complaint.assignee}
    complaint.carry(seen=seen, team=target, assignee=None)
    record(What.RETURNED, complaint, by=by, reason=reason, team=target.name if target else "")


@transaction.atomic
def wait(complaint: Complaint, *, by: User, whom: str, reason: str) -> None:
    """Wait for the customer or a third party; whether a clock pauses is the clocks' affair."""
    can_handle.require(by, complaint)
    if whom not in Whom.values:
        raise Invalid(_("请选择等待谁：客户或第三方"), whom=_("请选择"))
    reason = _said(reason, _("请写明在等什么，以及预计多久"))
    complaint.move_to(Status.WCU if whom == Whom.CUSTOMER else Status.W3P)
    record(What.WAITED, complaint, by=by, whom=whom, reason=reason)


@transaction.atomic
def resume(complaint: Complaint, *, by: User, reason: str = "") -> None:
    """Go on working."""
    can_handle.require(by, complaint)
    complaint.move_to(Status.HND)
    record(What.RESUMED, complaint, by=by, reason=reason.strip()[:300])


def resume_when_customer_wrote(event: Event) -> None:
    """Follow a customer's answer: we no longer wait for him."""
    if event.complaint.status == Status.WCU:
        resume(event.complaint, by=User.objects.system(), reason=_("客户已补充"))


@transaction.atomic
def urge(complaint: Complaint, *, by: User, words: str = "", by_customer: bool = False) -> Urging:
    """Ask to hurry (催办). A customer may once in four hours; every urging is counted."""
    can_urge.require(by, complaint)
    now = moment.now()
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不需要再催办；如未解决可以申请重开"))
    if by_customer:
        # The row of the complaint orders two urgings at once.
        Complaint.objects.select_for_update().get(pk=complaint.pk)
        last = complaint.urgings.filter(by_customer=True).first()
        if not rules.may_urge(last.at if last else None, now):
            raise Refused(_("已经为您催办过了，4 小时内会有人处理，请稍候"))
    urging = Urging.objects.create(
        complaint=complaint, by=by, by_customer=by_customer, words=words.strip()[:300], at=now
    )
    record(What.URGED, complaint, by=by, words=urging.words, by_customer=by_customer)
    return urging


@transaction.atomic
def escalate(complaint: Complaint, *, by: User, reason: str) -> None:
    """Call the supervisor on duty (升级). Who has it stays who has it."""
    can_urge.require(by, complaint)
    reason = _said(reason, _("请写明升级原因"))
    if not complaint.is_open:
        raise Refused(_("这条投诉已经结束，不能升级；如未解决可以申请重开"))
    supervisor = _supervisor_for(complaint.team) if complaint.team else None
    record(
        What.ESCALATED,
        complaint,
        by=by,
        reason=reason,
        to=supervisor.name if supervisor else "",
        to_id=supervisor.pk if supervisor else None,
    )


def _said(text: str, sentence: str) -> str:
    text = text.strip()[:300]
    if len(text) < 2:
        raise Invalid(sentence, reason=sentence, note=sentence)
    return text
