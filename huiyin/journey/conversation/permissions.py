"""Who may write to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Evidence, Message

WRITERS = (Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有受理、处理或主管这条投诉的人可以回复客户"))
def can_reply(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS, Role.VISITOR)


@permission(_("只有写这条回复的人、本组组长和主管、经理可以撤回或改期"))
def can_undo(user: User, message: Message) -> bool:
    """Asked beside sight of the complaint. Who writes to customers, and of his own or as a lead."""
    if not can_reply(user, message.complaint):
        return False
    return message.by_id == user.pk or _answers_for(user, message.complaint)


@permission(_("只有受理、处理或主管这条投诉的人可以重发回复"))
def can_resend(user: User, message: Message) -> bool:
    """Asked beside sight of the complaint."""
    return can_reply(user, message.complaint)


@permission(_("只有参与这条投诉的人可以写内部备注"))
def can_note(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS, Role.VISITOR, Role.SUPERVISION, Role.PRIVACY, Role.LEGAL)


@permission(_("只有受理、处理或主管这条投诉的人可以代客户记录"))
def can_take_down(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS)


@permission(_("敏感证据只有处理人、本组组长和主管、经理、法务、隐私官和上传人可以打开"))
def can_open_evidence(user: User, evidence: Evidence) -> bool:
    """Asked beside sight of the complaint, never instead of it."""
    if not evidence.is_sensitive or evidence.by_id == user.pk:
        return True
    return _answers_for(user, evidence.complaint) or user.has_role(Role.PRIVACY, Role.LEGAL)


@permission(_("只有处理人、本组组长和主管、经理、法务、隐私官和上传人可以修改证据说明"))
def can_describe(user: User, evidence: Evidence) -> bool:
    if evidence.by_id == user.pk:
        return True
    return _answers_for(user, evidence.complaint) or user.has_role(Role.PRIVACY, Role.LEGAL)


@permission(_("只有经理、法务和隐私官可以保全证据或解除保全"))
def can_hold(user: User, evidence: Evidence) -> bool:
    return user.has_role(Role.MANAGER, Role.LEGAL, Role.PRIVACY)


def _answers_for(user: User, complaint: Complaint) -> bool:
    """Who handles it, who stands in for him, and who leads the team."""
    if complaint.assignee_id is not None and complaint.assignee_id in (
        user.pk,
        *user.stands_in_for,
    ):
        return True
    leads = user.has_role(Role.LEAD, Role.SUPERVISOR) and complaint.team_id in user.team_ids
    return leads or user.has_role(Role.MANAGER)
