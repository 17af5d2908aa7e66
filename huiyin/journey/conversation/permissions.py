"""Who may write to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint

WRITERS = (Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("只有受理、处理或主管这条投诉的人可以回复客户"))
def can_reply(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS, Role.VISITOR)


@permission(_("只有参与这条投诉的人可以写内部备注"))
def can_note(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS, Role.VISITOR, Role.SUPERVISION, Role.PRIVACY, Role.LEGAL)


@permission(_("只有受理、处理或主管这条投诉的人可以代客户记录"))
def can_take_down(user: User, complaint: Complaint) -> bool:
    return user.has_role(*WRITERS)
