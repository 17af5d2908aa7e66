"""Who may narrow and widen the circle of those who see a complaint."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint


@permission(_("只有本组主管、经理、隐私官和法务可以限制查看"))
def can_restrict(user: User, complaint: Complaint) -> bool:
    if user.has_role(Role.SUPERVISOR):
        return complaint.team_id is None or complaint.team_id in user.team_ids
    return user.has_role(Role.MANAGER, Role.PRIVACY, Role.LEGAL)


@permission(_("只有隐私官和法务可以解除查看限制"))
def can_lift(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.PRIVACY, Role.LEGAL)


@permission(_("只有本组组长和主管、经理、隐私官和法务可以要求别人回避或解除回避"))
def can_bar(user: User, complaint: Complaint) -> bool:
    """Standing aside oneself needs nobody's leave."""
    if user.has_role(Role.LEAD, Role.SUPERVISOR):
        return complaint.team_id is None or complaint.team_id in user.team_ids
    return user.has_role(Role.MANAGER, Role.PRIVACY, Role.LEGAL)
