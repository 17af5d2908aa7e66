"""Who may offer, decide, execute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.models import Offer
from huiyin.journey.routing.permissions import can_handle

DECIDERS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有处理人和本组主管可以提出方案"))
def can_propose(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)


@permission(_("只有组长、主管和经理可以审批方案，而且不能审批自己提出的方案"))
def can_decide(user: User, offer: Offer) -> bool:
    # Four eyes: whoever proposed it never decides it; a machine never does (GB/T 47746).
    return offer.by_id != user.pk and not user.is_system and user.has_role(*DECIDERS)


@permission(_("只有处理人、本组主管和财务可以登记客户答复与执行结果"))
def can_execute(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or user.has_role(Role.FINANCE)
