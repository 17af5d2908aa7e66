"""Who writes text messages, and who settles how they are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.conversation.permissions import WRITERS


@permission(_("只有受理、处理或主管投诉的人可以发短信"))
def can_write_texts(user: User, subject: object) -> bool:
    return user.has_role(*WRITERS, Role.VISITOR)


@permission(_("只有系统管理员和经理可以修改短信规则"))
def can_settle_texts(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER)
