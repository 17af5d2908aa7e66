"""Who designs surveys, sends them, and reads what came of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import can_handle, directs
from huiyin.journey.survey.models.answers import SEES_HOUSE, SEES_TEAM, SEES_WHO


@permission(_("满意度调查只对处理人员、主管、督办员、质检员和经理开放"))
def can_see_surveys(user: User, subject: object) -> bool:
    return user.has_role(*SEES_HOUSE, *SEES_TEAM)


@permission(_("只有经理和质检员可以设计、发布和停用问卷"))
def can_design(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.QA)


@permission(_("只有经理和系统管理员可以修改发送规则"))
def can_rule(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.SYSADMIN)


@permission(_("只有经理、质检员、回访员和本组值班主管可以手动发送调查，处理人不能自己挑客户"))
def can_send(user: User, complaint: Complaint) -> bool:
    if complaint.assignee_id == user.pk:
        return False
    if user.has_role(Role.MANAGER, Role.QA, Role.VISITOR):
        return True
    return user.has_role(Role.SUPERVISOR) and directs(user, complaint)


@permission(_("只有处理人员、回访员和主管可以登记客户不愿收到调查"))
def can_opt_out(user: User, complaint: Complaint) -> bool:
    mine = user.pk in (complaint.received_by_id, complaint.owner_id)
    return mine or user.has_role(Role.VISITOR, Role.QA) or can_handle(user, complaint)


@permission(_("逐份答卷只对经理和质检员导出：其他人只看合计"))
def can_take_out(user: User, subject: object) -> bool:
    return user.has_role(*SEES_WHO)


def knows_who(user: User) -> bool:
    """Whether this person sees who said what; the others are among those judged."""
    return user.is_system or user.has_role(*SEES_WHO)


@permission(_("概况只对能看到各组的人开放"))
def sees_house(user: User, subject: object) -> bool:
    return user.has_role(*SEES_HOUSE)
