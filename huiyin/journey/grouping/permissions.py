"""Who may put complaints together and take them apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping.models import Incident
from huiyin.journey.routing.permissions import HANDLERS, can_handle, directs


@permission(_("只有参与办理的人可以关联投诉"))
def can_link(user: User, complaint: Complaint) -> bool:
    return user.has_role(*HANDLERS, Role.TRIAGER, Role.SUPERVISION)


@permission(_("两件投诉都归您管才能合并或撤销合并：由本组组长、主管或经理来做"))
def can_merge(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint)


@permission(_("只有经理可以把 S1 紧急投诉并入级别较低的投诉"))
def can_lower(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.MANAGER)


@permission(_("只有办理这件投诉的专员、分级员和本组的组长、主管、经理可以拆分"))
def can_split(user: User, complaint: Complaint) -> bool:
    works = user.has_role(Role.SPECIALIST) and can_handle(user, complaint)
    return works or user.has_role(Role.TRIAGER) or directs(user, complaint)


@permission(_("只有分级员、组长、主管、经理和督办员可以立群体事件"))
def can_open_incident(user: User, subject: object) -> bool:
    return user.has_role(Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)


@permission(_("只有事件负责人、经理和督办员可以推进这个群体事件"))
def can_run(user: User, incident: Incident) -> bool:
    return incident.owner_id == user.pk or user.has_role(Role.MANAGER, Role.SUPERVISION)


@permission(_("只有分级员、督办员和本组的组长、主管、经理可以把投诉并入或移出群体事件"))
def can_join(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.TRIAGER, Role.SUPERVISION) or directs(user, complaint)
