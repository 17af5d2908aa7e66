"""Who may settle what a complaint is, and who may refuse to take it up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint

CLASSIFIERS = (Role.TRIAGER, Role.SPECIALIST, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有分级员、投诉专员、组长和主管可以分级；坐席可以为自己受理或处理的投诉分级"))
def can_triage(user: User, complaint: Complaint) -> bool:
    own = user.pk in (complaint.assignee_id, complaint.received_by_id)
    return user.has_role(*CLASSIFIERS) or (own and user.has_role(Role.AGENT))


@permission(_("只有分级员、投诉专员和值班主管可以决定不予受理"))
def can_reject(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.TRIAGER, Role.SPECIALIST, Role.SUPERVISOR)
