"""Who may ask a department, answer for it, judge the answer, rule a dispute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.people import heads, works_on
from huiyin.journey.routing.permissions import can_handle, directs

RULERS = (Role.SUPERVISION, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有处理人、分级员和本组主管可以下发协办任务"))
def can_send(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or user.has_role(Role.TRIAGER)


@permission(_("只有下发人、处理人、分级员和本组主管可以处理部门的答复"))
def can_judge(user: User, task: Task) -> bool:
    return task.by_id == user.pk or can_send(user, task.complaint)


@permission(_("这项任务不在您的部门，或已指定给同事办理"))
def can_work(user: User, task: Task) -> bool:
    return works_on(user, task)


@permission(_("只有部门负责人可以转给别的部门"))
def can_forward_away(user: User, task: Task) -> bool:
    return heads(user, task.department)


@permission(_("只有任务双方可以提出争议"))
def can_dispute(user: User, task: Task) -> bool:
    return can_work(user, task) or can_judge(user, task)


@permission(_("争议由督办员或本组主管裁定，提出争议的人和下发任务的人不能自己裁定"))
def can_rule(user: User, task: Task) -> bool:
    dispute = task.open_dispute
    party = user.pk in (task.by_id, dispute.by_id if dispute else None) or works_on(user, task)
    if party:
        return False
    return user.has_role(Role.SUPERVISION) or (
        user.has_role(*RULERS) and directs(user, task.complaint)
    )


@permission(_("只有参与这项任务的人可以在任务里留言"))
def can_talk(user: User, task: Task) -> bool:
    return works_on(user, task) or sees_complaint(user, task)


@permission(_("只有签收了任务、并被允许联系客户的部门人员可以查看联系方式"))
def can_see_contact(user: User, task: Task) -> bool:
    return task.contact and not task.complaint.restricted and works_on(user, task)


@permission(_("协办通讯录只对工作人员开放"))
def can_see_directory(user: User, subject: object) -> bool:
    return user.has_role(*ASKERS, Role.DEPT_HANDLER, Role.DEPT_HEAD)


ASKERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.SUPERVISION,
    Role.VISITOR,
    Role.LEGAL,
    Role.PRIVACY,
    Role.FINANCE,
    Role.PUBLIC_RELATIONS,
    Role.QA,
)


def sees_complaint(user: User, task: Task) -> bool:
    """Whether this person is on our side: sees the complaint itself."""
    return Complaint.objects.visible_to(user).filter(pk=task.complaint_id).exists()


def is_head_of(user: User, department: Department) -> bool:
    return heads(user, department)
