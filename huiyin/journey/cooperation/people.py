"""Who stands for a department: its head, its deputy, its handlers, whoever is on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.journey.routing.people import stand_in

if TYPE_CHECKING:
    from huiyin.journey.cooperation.models import Task

DEPARTMENT_ROLES = (Role.DEPT_HANDLER, Role.DEPT_HEAD)


def below(departments: set[int]) -> set[int]:
    """These and all that belong to them: stores of a region, carriers of a warehouse."""
    found: set[int] = set()
    asked = departments
    while asked:
        found |= asked
        under = Department.objects.filter(parent__in=asked).values_list("pk", flat=True)
        asked = set(under) - found
    return found


def headed_by(user: User) -> set[int]:
    """Departments whose tasks this person answers for; read once per request.

    Named head or deputy, or the role of a head in one's own department; who stands in for a head
    that is away heads what he heads.
    """
    known: set[int] | None = user.__dict__.get("departments_headed")
    if known is None:
        people = [user.pk, *user.stands_in_for]
        named = Department.objects.filter(Q(head__in=people) | Q(deputy_head__in=people))
        own = set(named.values_list("pk", flat=True))
        if user.has_role(Role.DEPT_HEAD) and user.department_id:
            own.add(user.department_id)
        known = below(own) if own else set()
        user.__dict__["departments_headed"] = known
    return known


def heads(user: User, department: Department) -> bool:
    return department.pk in headed_by(user)


def works_on(user: User, task: Task) -> bool:
    """The handler it was given to or who stands in for him; anybody of the department as long as
    it was given to nobody; the head always."""
    if heads(user, task.department):
        return True
    if user.department_id != task.department_id or not user.has_role(*DEPARTMENT_ROLES):
        return False
    return task.handler_id is None or task.handler_id in (user.pk, *user.stands_in_for)


def colleagues(department: Department) -> list[User]:
    """Whom a task of this department can be given to."""
    found = User.objects.active().with_role(*DEPARTMENT_ROLES).filter(department=department)
    return list(found)


def belongs(user: User, department: Department) -> bool:
    of_it = user.department_id == department.pk and user.has_role(*DEPARTMENT_ROLES)
    return user.is_active and (of_it or user.pk in (department.head_id, department.deputy_head_id))


def told_of(task: Task) -> list[User]:
    """Who hears that a task came: its handler, else who is on duty, head and deputy, else all of
    the department; whoever stands in for somebody away."""
    department = task.department
    if task.handler is not None:
        first = [task.handler]
    else:
        posts = (department.duty, department.head, department.deputy_head)
        first = [one for one in posts if one is not None] or colleagues(department)
    people = {one.pk: one for one in first} | {s.pk: s for s in map(stand_in, first)}
    return [one for one in people.values() if one.is_active]


def leads_of(department: Department) -> list[User]:
    """Head and deputy, else those of the department that this one belongs to."""
    at: Department | None = department
    passed: set[int] = set()
    while at is not None and at.pk not in passed:
        passed.add(at.pk)
        found = [one for one in (at.head, at.deputy_head) if one is not None and one.is_active]
        if found:
            return found
        at = at.parent
    return []
