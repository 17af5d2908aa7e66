"""Who may set up outside systems, and who may read what was asked of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission


@permission(_("只有系统管理员和安全管理员可以设置外部系统"))
def can_manage_endpoints(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.SECADMIN)


@permission(_("外部调用记录只对经理和财务开放"))
def can_see_calls(user: User, subject: object) -> bool:
    # Not the administrators: what is paid to whom is none of their business.
    return user.has_role(Role.MANAGER, Role.FINANCE)
