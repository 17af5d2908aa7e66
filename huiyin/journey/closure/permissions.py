"""Who may end it, and who may open it again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.callbacks.permissions import worked_on
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity
from huiyin.journey.routing.permissions import can_handle

DIRECTORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有处理人和本组主管可以向客户反馈结果"))
def can_feed_back(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)


@permission(_("只有处理人、本组主管和法务可以登记调解"))
def can_mediate(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or user.has_role(Role.LEGAL)


@permission(_("回访由回访员或主管进行，处理人不能回访自己的投诉"))
def can_visit(user: User, complaint: Complaint) -> bool:
    """Nor whoever worked on it before it was handed over."""
    return user.has_role(Role.VISITOR, *DIRECTORS) and not worked_on(user, complaint)


@permission(_("S1 投诉由经理结案；其他投诉由处理人（投诉专员）或本组主管结案"))
def can_close(user: User, complaint: Complaint) -> bool:
    if complaint.severity == Severity.S1:
        return user.has_role(Role.MANAGER)
    return can_handle(user, complaint) or user.has_role(Role.VISITOR)


@permission(_("只有主管和经理可以重开或退回重办"))
def can_reopen(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有受理、处理或主管这条投诉的人可以登记客户撤回"))
def can_withdraw(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or complaint.received_by_id == user.pk


@permission(_("只有经理可以作废投诉"))
def can_cancel(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.MANAGER)


@permission(_("只有被要求签核的岗位可以签核"))
def can_sign_off(user: User, complaint: Complaint) -> bool:
    return user.has_role(*SIGNERS)


SIGNERS = (
    *DIRECTORS,
    Role.LEGAL,
    Role.PRIVACY,
    Role.FINANCE,
    Role.QA,
    Role.SUPERVISION,
    Role.PUBLIC_RELATIONS,
)


@permission(_("只有处理人、本组主管、质检员和培训师可以推荐案例"))
def can_propose_case(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or user.has_role(Role.QA, Role.TRAINER)


@permission(_("案例由质检员或培训师审核"))
def can_judge_case(user: User, case: object) -> bool:
    return user.has_role(Role.QA, Role.TRAINER)
