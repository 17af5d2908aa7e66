"""Who may watch, who answers, and who alone may end it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import can_handle
from huiyin.journey.supervision.models import Supervision
from huiyin.journey.supervision.people import headed_by


@permission(_("只有督办员、本组值班主管和经理可以提出督办或提升等级"))
def can_supervise(user: User, complaint: Complaint) -> bool:
    if user.has_role(Role.SUPERVISION, Role.MANAGER):
        return True
    in_team = complaint.team_id is None or complaint.team_id in user.team_ids
    return in_team and user.has_role(Role.SUPERVISOR)


@permission(_("只有被督办的处理人或部门负责人可以报送措施"))
def can_file(user: User, supervision: Supervision) -> bool:
    """The officer watches; he does not answer for those he watches."""
    if supervision.department_id is not None:
        return supervision.department_id in headed_by(user)
    return can_handle(user, supervision.complaint)


@permission(_("只有督办员可以采纳或退回措施"))
def can_review(user: User, supervision: Supervision) -> bool:
    return user.has_role(Role.SUPERVISION)


@permission(_("只有督办员可以解除督办"))
def can_lift(user: User, supervision: Supervision) -> bool:
    """Not even a manager (domain §7.3)."""
    return user.has_role(Role.SUPERVISION)
