"""Who may register letters, and who prints and posts ours."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.intake.permissions import REGISTERS


@permission(_("只有坐席、投诉专员、受理员、组长、主管和经理可以登记来信"))
def can_register_paper(user: User, subject: object) -> bool:
    return user.has_role(*REGISTERS)


@permission(_("只有坐席、投诉专员、受理员、组长、主管和经理可以打印和寄出信函"))
def can_post_paper(user: User, subject: object) -> bool:
    """Asked beside sight of the complaint."""
    return user.has_role(*REGISTERS)


@permission(_("只有系统管理员和经理可以管理信函模板和信封"))
def can_manage_paper(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER)
