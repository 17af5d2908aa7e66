"""Whose it is, and who of them gets it: the rows behind the judgement of rules.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, Subquery, Sum, When

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import conditions, rules
from huiyin.journey.routing.models import Assignment, PersonSkill, Route, Rule, Skill
from huiyin.journey.routing.people import is_here, stand_in
from huiyin.journey.routing.rules import Reason
from huiyin.journey.routing.words import SkillKind, Why
from huiyin.journey.triage.words import Emotion

DESK = "desk"  # the team that triages what nobody is sure of


@dataclass
class Aim:
    """Where a complaint is to go: a team, perhaps a person of it, and why."""

    team: Team | None
    person: User | None = None
    rule: Rule | None = None
    why: list[Reason] = field(default_factory=list)


def aim(complaint: Complaint, *, unsure: bool) -> Aim:
    """The first rule that holds; else the desk for what nobody is sure of; else the route."""
    now = moment.now()
    for rule in Rule.objects.in_force():
        if rule.team.retired_at is not None or (unsure and not rule.even_unsure):
            continue
        if conditions.matches(rule.condition, complaint, now=now):
            return _by(rule)
    if unsure:
        return Aim(desk(), why=[{"why": Why.UNSURE}])
    team = team_of(complaint.category) or desk()
    name = team.name if team else ""
    return Aim(team, why=[{"why": Why.ROUTE, "category": complaint.category, "team": name}])


def _by(rule: Rule) -> Aim:
    why: list[Reason] = [{"why": Why.RULE, "name": rule.name, "version": rule.version}]
    person = rule.person
    if person is not None:
        why.append({"why": Why.NAMED, "name": person.name})
        standing = stand_in(person)
        if standing != person:
            why.append({"why": Why.DEPUTY, "name": person.name})
        person = standing if is_here(standing) else None
    return Aim(rule.team, person, rule, why)


def team_of(category: str) -> Team | None:
    """The team of the longest route that covers this category."""
    routes = {route.category_prefix: route.team for route in Route.objects.select_related("team")}
    teams = {prefix: team.pk for prefix, team in routes.items() if team.retired_at is None}
    found = rules.route_for(category, teams)
    return next((team for team in routes.values() if team.pk == found), None)


def desk() -> Team | None:
    return Team.objects.filter(code=DESK, retired_at=None).first()


def best_in(
    team: Team,
    complaint: Complaint,
    *,
    but: Collection[int] = (),
    rule: Rule | None = None,
    now: datetime | None = None,
) -> tuple[User | None, list[Reason]]:
    """Who of the team gets it of those who are here, `but` the barred; and why."""
    wanted = wanted_skills(complaint, rule)
    people = {user.pk: user for user in _here(team, but, now or moment.now())}
    levels = _levels(people, wanted)
    chosen = rules.choose(
        (_candidate(user, wanted, levels) for user in people.values()),
        grave=complaint.severity in rules.GRAVE,
        angry=is_angry(complaint),
        wanted=len(wanted),
    )
    if chosen is None:
        return None, []
    skills = "、".join(skill.name for skill in wanted)
    why = [one | {"skills": skills} if "lacks" in one else one for one in chosen.why]
    return people[chosen.person], why


def is_angry(complaint: Complaint) -> bool:
    return complaint.emotion == Emotion.ANGRY


def wanted_skills(complaint: Complaint, rule: Rule | None) -> list[Skill]:
    """The customer's language, the channel he came by, and what the rule asks for."""
    wanted = Q(kind=SkillKind.CHANNEL, serves=complaint.channel)
    if complaint.customer.language:
        wanted |= Q(kind=SkillKind.LANGUAGE, serves=complaint.customer.language)
    if rule is not None:
        wanted |= Q(rule=rule)
    return list(Skill.objects.live().filter(wanted).distinct())


def _here(team: Team, but: Collection[int], now: datetime) -> Iterable[User]:
    """Members who are here, each with what he carries and got lately: one question for all."""
    weights = Case(*(When(severity=s, then=w) for s, w in rules.WEIGHT.items()), default=1)
    his = Complaint.objects.open().filter(assignee=OuterRef("pk")).order_by()
    given = Assignment.objects.filter(assignee=OuterRef("pk")).order_by("-at")
    grave = given.order_by().filter(at__gt=now - rules.FAIR_OVER, severity__in=rules.GRAVE)
    members = User.objects.present_in(team).with_role(Role.AGENT, Role.SPECIALIST)
    found: Iterable[User] = members.exclude(pk__in=but).annotate(
        carried=Subquery(his.values("assignee").annotate(load=Sum(weights)).values("load")),
        last_given=Subquery(given.values("at")[:1]),
        grave=Subquery(grave.values("assignee").annotate(n=Count("pk")).values("n")),
        angry_lately=ArraySubquery(given.values("angry")[: rules.MOST_ANGRY_IN_ROW]),
    )
    return found


def _levels(people: Collection[int], wanted: list[Skill]) -> dict[tuple[int, int], int]:
    if not wanted or not people:
        return {}
    can = PersonSkill.objects.filter(person__in=people, skill__in=wanted)
    return {(p, s): level for p, s, level in can.values_list("person", "skill", "level")}


def _candidate(
    user: User, wanted: list[Skill], levels: dict[tuple[int, int], int]
) -> rules.Candidate:
    his = [levels.get((user.pk, skill.pk), 0) for skill in wanted]
    row = vars(user)  # what was annotated
    return rules.Candidate(
        person=user.pk,
        weight=row["carried"] or 0,
        last_given_at=row["last_given"],
        grave=row["grave"] or 0,
        angry_in_row=rules.in_row(row["angry_lately"]),
        missing=his.count(0),
        level=sum(his),
    )
