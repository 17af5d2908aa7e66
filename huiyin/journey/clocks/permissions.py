"""Who may grant more time, who may ask for it, and who lets a complaint stand still."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.clocks.models import ExtensionRequest, Suspension
from huiyin.journey.clocks.words import Level
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import can_handle, directs


@permission(_("只有分级员、法务和本组的组长、主管、经理可以附加时限依据"))
def can_attach(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.TRIAGER, Role.LEGAL) or directs(user, complaint)


@permission(_("只有本组组长、主管和经理可以延期；请先升级说明原因"))
def can_extend(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint)


@permission(_("这个时限已经延期过一次，再次延期要由经理决定"))
def can_extend_again(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.MANAGER)


@permission(_("这是法定时限，延期要由法务决定"))
def can_extend_by_law(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.LEGAL)


@permission(_("只有处理人和本组主管可以申请延期或挂起"))
def can_ask(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)


@permission(_("第一次延期由本组组长或主管决定，再次由经理，法定时限由法务"))
def can_decide_extension(user: User, request: ExtensionRequest) -> bool:
    if request.level == Level.LEGAL:
        return user.has_role(Role.LEGAL)
    if request.level == Level.MANAGER:
        return user.has_role(Role.MANAGER)
    return directs(user, request.complaint)


@permission(_("挂起由本组值班主管或经理审批"))
def can_decide_suspension(user: User, suspension: Suspension) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.MANAGER) and directs(user, suspension.complaint)
