"""In whose names somebody acts; who keeps the money."""

from __future__ import annotations

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.journey.resolution.models import Budget
from huiyin.journey.supervision.people import heads_of


def names(user: User) -> list[User]:
    """His own, and those of who is away and whose deputy he is."""
    away = user.stands_in_for
    return [user, *User.objects.filter(pk__in=away).order_by("pk")] if away else [user]


def roles_of(user: User) -> list[str]:
    """All roles in which somebody may be asked: his own, and those he stands in for."""
    return list(dict.fromkeys(role for one in names(user) for role in one.roles))


def keepers_of(budget: Budget) -> list[User]:
    """Who hears how much of it is gone: managers and finance, the heads of the department, lead
    and duty supervisor of the teams that it pays for."""
    found = list(User.objects.active().with_role(Role.MANAGER, Role.FINANCE))
    department = budget.department or (budget.team.department if budget.team else None)
    if department is not None:
        found += heads_of(department)
    for team in _paid_for(budget):
        found += [one for one in (team.lead, team.duty_supervisor) if one is not None]
    return [one for one in found if one.is_active]


def _paid_for(budget: Budget) -> list[Team]:
    if budget.team is not None:
        return [budget.team]
    if budget.department is None:
        return []
    teams = Team.objects.filter(department=budget.department)
    return list(teams.select_related("lead", "duty_supervisor"))
