"""Who answers for more than his own complaints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission


@permission(_("督办看板只对组长、值班主管、督办员和经理开放"))
def can_see_board(user: User, subject: object) -> bool:
    return user.has_role(Role.LEAD, Role.SUPERVISOR, Role.SUPERVISION, Role.MANAGER)


@permission(_("只有经理可以开设和停用大屏"))
def can_make_wall(user: User, subject: object) -> bool:
    """Whoever opens one shows figures to everybody who walks by."""
    return user.has_role(Role.MANAGER)
