"""Who may bring many complaints in at once, and who may carry many out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission

# Not the system administrator: whoever runs the machine reads no complaints, on no path.
IMPORTERS = (Role.MANAGER, Role.SUPERVISOR)
EXPORTERS = (Role.MANAGER, Role.SUPERVISOR, Role.LEAD, Role.SUPERVISION)


@permission(_("只有经理和值班主管可以导入投诉"))
def can_import(user: User, subject: object) -> bool:
    return user.has_role(*IMPORTERS)


@permission(_("只有经理、值班主管、组长和督办员可以导出投诉列表"))
def can_export(user: User, subject: object) -> bool:
    return user.has_role(*EXPORTERS)
