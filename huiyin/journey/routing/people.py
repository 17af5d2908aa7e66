"""Who is there: the supervisor on duty, and who stands in for whom."""

from __future__ import annotations

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role


def stand_in(person: User) -> User:
    """Who acts for somebody who is away: the deputy, or the deputy's; else still the person."""
    passed, found = {person.pk}, person
    while found.presence == Presence.AWAY or not found.is_active:
        deputy = found.deputy
        if deputy is None or deputy.pk in passed:
            return person
        passed.add(deputy.pk)
        found = deputy
    return found


def supervisor_on_duty(team: Team | None) -> User | None:
    """Who is on duty for this team, or the deputy; else a supervisor who is here; else whoever was
    named, present or not: an S1 is never left without a person."""
    if team is None:
        return None
    named = team.duty_supervisor
    if named is not None:
        standing = stand_in(named)
        if standing.is_active and standing.presence != Presence.AWAY:
            return standing
    present = User.objects.active().filter(presence=Presence.PRESENT)
    supervisors = present.with_role(Role.SUPERVISOR, Role.MANAGER)
    found = supervisors.filter(teams=team).first() or supervisors.first()
    return found or (named if named is not None and named.is_active else None)
