"""Who may see how the channels are, and try them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission


@permission(_("渠道状态只对系统管理员、经理和值班主管开放"))
def can_see_channels(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)


@permission(_("只有系统管理员、经理和值班主管可以测试渠道"))
def can_try_channels(user: User, subject: object) -> bool:
    return can_see_channels(user, subject)
