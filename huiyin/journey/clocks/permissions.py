"""Who may grant more time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import directs


@permission(_("只有分级员、法务和本组的组长、主管、经理可以附加时限依据"))
def can_attach(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.TRIAGER, Role.LEGAL) or directs(user, complaint)


@permission(_("只有本组组长、主管和经理可以延期；请先升级说明原因"))
def can_extend(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint)


@permission(_("这个时限已经延期过一次，再次延期要由经理决定"))
def can_extend_again(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.MANAGER)
