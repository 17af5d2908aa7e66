"""Who may ask for a call, and who may make it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.callbacks.models import Callback
from huiyin.journey.callbacks.models.callbacks import TEAM_POSTS
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.permissions import DIRECTORS, can_handle, directs


@permission(_("只有处理人、首接负责人、回访员和本组主管可以安排回电"))
def can_arrange(user: User, complaint: Complaint) -> bool:
    mine = user.pk in (complaint.owner_id, complaint.received_by_id)
    return mine or user.has_role(Role.VISITOR) or can_handle(user, complaint)


def worked_on(user: User, complaint: Complaint) -> bool:
    """Whoever has it, or signed for it before it was handed over."""
    if complaint.assignee_id == user.pk:
        return True
    return complaint.assignments.filter(assignee=user).exclude(accepted_at=None).exists()


@permission(_("这通回电由指定的人、相应岗位或主管拨打；办理过这件投诉的人不能回访"))
def can_call(user: User, callback: Callback) -> bool:
    complaint = callback.complaint
    if user.pk in callback.not_by:
        return False
    visit = callback.kind == CallbackKind.VISIT
    if visit and worked_on(user, complaint):
        return False
    if callback.person_id in (user.pk, *user.stands_in_for):
        return True
    if directs(user, complaint) or (visit and user.has_role(*DIRECTORS)):
        return True
    if callback.person_id is not None:
        return False
    if callback.post:
        # Of posts that belong to a team only its own holders; `directs` has asked that.
        return callback.post not in TEAM_POSTS and user.has_role(callback.post)
    return can_handle(user, complaint)


@permission(_("回访队列只对回访员、处理人员和主管开放"))
def can_see_queue(user: User, subject: object) -> bool:
    return user.has_role(*CALLERS)


CALLERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.VISITOR,
    Role.QA,
    Role.LEGAL,
    Role.PUBLIC_RELATIONS,
    Role.PRIVACY,
    Role.SUPERVISION,
)
