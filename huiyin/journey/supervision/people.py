"""Who answers for a department, and who watches."""

from __future__ import annotations

from django.db.models import Q

from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role


def headed_by(user: User) -> list[int]:
    """Departments whose head, or deputy head, this person is, or stands in for; once a request."""
    known: list[int] | None = user.__dict__.get("supervised_departments")
    if known is None:
        people = [user.pk, *user.stands_in_for]
        named = Q(head__in=people) | Q(deputy_head__in=people)
        if user.has_role(Role.DEPT_HEAD) and user.department_id:
            named |= Q(pk=user.department_id)
        known = list(Department.objects.in_use().filter(named).values_list("pk", flat=True))
        user.__dict__["supervised_departments"] = known
    return known


def heads_of(department: Department) -> list[User]:
    """Whom to tell: head and deputy head, and the department's managers where nobody is named."""
    named = [one for one in (department.head, department.deputy_head) if one is not None]
    if named:
        return named
    managers = User.objects.active().filter(department=department)
    return list(managers.with_role(Role.DEPT_HEAD))
