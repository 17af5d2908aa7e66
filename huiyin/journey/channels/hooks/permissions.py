"""Who may connect outside systems, see what came of them, and read it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.channels.hooks.models import Arrival
from huiyin.journey.complaint.models import Complaint


@permission(_("只有系统管理员可以管理渠道接入"))
def can_manage_hooks(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)


@permission(_("接入记录只对系统管理员、经理和值班主管开放"))
def can_see_arrivals(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)


@permission(_("收到的原文只对经理和值班主管开放，而且要看得到它所属的投诉"))
def can_read_raw(user: User, arrival: Arrival | None) -> bool:
    """What customers say: whoever runs the machines does not read it."""
    if not user.has_role(Role.MANAGER, Role.SUPERVISOR):
        return False
    if arrival is None or arrival.complaint_id is None:
        return True
    return Complaint.objects.visible_to(user).filter(pk=arrival.complaint_id).exists()
