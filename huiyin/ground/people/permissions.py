"""Who may run the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission

STAFF_ROLES = frozenset(Role.values)


@permission(_("只有系统管理员和安全管理员可以管理用户"))
def can_manage_people(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.SECADMIN)


@permission(_("只有系统管理员和经理可以修改配置"))
def can_configure(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER)


@permission(_("只有审计管理员、安全管理员和隐私官可以查看审计记录"))
def can_audit(user: User, subject: object) -> bool:
    return user.has_role(Role.AUDITOR, Role.SECADMIN, Role.PRIVACY)
