"""Who works on an improvement, and whom it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES, colleagues, headed_by
from huiyin.journey.routing.people import stand_in

if TYPE_CHECKING:
    from huiyin.journey.improvement.models import Improvement

OPENERS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.QA, Role.SUPERVISION)
VERIFIERS = (Role.QA, Role.MANAGER, Role.SUPERVISION)
SEES_ALL = (Role.QA, Role.MANAGER, Role.SUPERVISION)


def departments_of(user: User) -> set[int]:
    """Whose improvements this person works on: his own department's, and those he heads."""
    own = {user.department_id} if user.department_id and user.has_role(*DEPARTMENT_ROLES) else set()
    return {pk for pk in own if pk} | headed_by(user)


def works_on(user: User, it: Improvement) -> bool:
    """The owner, or who stands in for him; of a department's its heads always, its handlers as
    long as nobody is named."""
    mine = (user.pk, *user.stands_in_for)
    if it.person_id in mine:
        return True
    if it.department_id is None:
        return False
    if it.department_id in headed_by(user):
        return True
    of_it = user.department_id == it.department_id and user.has_role(*DEPARTMENT_ROLES)
    return of_it and it.person_id is None


def heads_of(user: User) -> list[User]:
    """Who answers for this person: the head of his department, the lead of each of his teams; of a
    lead the duty supervisor. Nobody answers for himself."""
    department = user.department
    heads = [department.head or department.deputy_head] if department is not None else []
    for team in user.teams.all():
        heads.append(team.duty_supervisor if team.lead_id in (None, user.pk) else team.lead)
    there = {one.pk: one for one in heads if one is not None and one.is_active}
    there.pop(user.pk, None)
    return list(there.values())


def owners_of(it: Improvement) -> list[User]:
    """Whom to tell: the owner and who stands in for him, else duty, heads, or all of the
    department."""
    if it.person is not None:
        first = [it.person]
    elif it.department is not None:
        first = _of_department(it.department)
    else:
        first = []
    people = {one.pk: one for one in first} | {s.pk: s for s in map(stand_in, first)}
    return [one for one in people.values() if one.is_active]


def _of_department(department: Department) -> list[User]:
    posts = (department.duty, department.head, department.deputy_head)
    return [one for one in posts if one is not None] or colleagues(department)
