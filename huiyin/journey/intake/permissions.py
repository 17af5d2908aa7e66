"""Who may take complaints in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission

REGISTERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
)


@permission(_("只有坐席、投诉专员、受理员、组长、主管和经理可以登记投诉"))
def can_register(user: User, subject: object) -> bool:
    return user.has_role(*REGISTERS)
