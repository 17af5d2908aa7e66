"""Who is there: who is on duty at a post, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.routing.models import DutyShift
from huiyin.journey.routing.words import ABOVE, OF_A_TEAM, Post


def is_here(person: User) -> bool:
    """Takes what comes now: not gone, not away. A short break is still here."""
    return person.is_active and person.presence != Presence.AWAY


def stand_in(person: User) -> User:
    """Who acts for somebody who is away: the deputy, or the deputy's; else still the person."""
    passed, found = {person.pk}, person
    while not is_here(found):
        deputy = found.deputy
        if deputy is None or deputy.pk in passed:
            return person
        passed.add(deputy.pk)
        found = deputy
    return found


def on_duty(post: str, *, team: Team | None, now: datetime) -> User | None:
    """Who holds this post at this moment, whoever has the complaint.

    The roster's person, else the standing one (the team's lead or duty supervisor), else the first
    who is here and has the role; for somebody away the deputy. Where nobody is, the post above is
    asked, and at last whoever was named, present or not: an S1 is never left without a person.
    """
    named: list[User] = []
    asked: Post | None = Post(post)
    while asked is not None:
        found = [*rostered(asked, team=team, now=now), *_standing(asked, team)]
        here = next((one for person in found if is_here(one := stand_in(person))), None)
        if here is None:
            here = _first_here(asked, team)
        if here is not None:
            return here
        named += [person for person in found if person.is_active]
        asked = ABOVE.get(asked)
    return named[0] if named else None


def all_on_duty(post: str, *, team: Team | None, now: datetime) -> list[User]:
    """Everybody whom the roster names for the post now, deputies for those away; else `on_duty`."""
    found = (stand_in(person) for person in rostered(post, team=team, now=now))
    here = list(dict.fromkeys(person for person in found if is_here(person)))
    if here:
        return here
    one = on_duty(post, team=team, now=now)
    return [one] if one is not None else []


def rostered(post: str, *, team: Team | None, now: datetime) -> list[User]:
    """Whom the roster names: those of the team first, then those of the whole house."""
    shifts = DutyShift.objects.at(now).filter(post=post).select_related("person__deputy")
    own = [shift for shift in shifts if team is not None and shift.team_id == team.pk]
    return [shift.person for shift in (*own, *(s for s in shifts if s.team_id is None))]


def _standing(post: Post, team: Team | None) -> Iterable[User]:
    """Who holds the post when no roster says otherwise."""
    if team is None:
        return []
    # Each is a question of its own: only the one that is asked for is read.
    person = team.lead if post == Post.LEAD else None
    person = team.duty_supervisor if post == Post.SUPERVISOR else person
    return [person] if person is not None else []


def _first_here(post: Post, team: Team | None) -> User | None:
    present = User.objects.active().filter(presence=Presence.PRESENT).order_by("pk")
    if post not in OF_A_TEAM:
        holder: User | None = present.with_role(post).first()
        return holder
    roles = (Role.LEAD,) if post == Post.LEAD else (Role.SUPERVISOR, Role.MANAGER)
    holders = present.with_role(*roles)
    found: User | None = holders.filter(teams=team).first() if team is not None else None
    if found is None and post == Post.SUPERVISOR:
        found = holders.first()  # another team's supervisor can take charge; its lead can not
    return found


def supervisor_on_duty(team: Team | None) -> User | None:
    """Who is in charge for this team now."""
    if team is None:
        return None
    return on_duty(Post.SUPERVISOR, team=team, now=moment.now())
