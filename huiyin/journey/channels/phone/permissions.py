"""Who may work in a call, look at calls, and set up telephones."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.channels.phone.models import Call

TALKERS = (
    Role.AGENT,
    Role.SPECIALIST,
    Role.TRIAGER,
    Role.LEAD,
    Role.SUPERVISOR,
    Role.MANAGER,
    Role.VISITOR,
)
DIRECTORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


@permission(_("通话记录只对接听电话的人员和主管开放"))
def can_see_calls(user: User, subject: object) -> bool:
    return user.has_role(*TALKERS)


def _directs(user: User, call: Call) -> bool:
    if user.has_role(Role.MANAGER):
        return True
    if not user.has_role(Role.LEAD, Role.SUPERVISOR):
        return False
    return call.agent is None or not set(user.team_ids).isdisjoint(call.agent.team_ids)


@permission(_("只有接这通电话的人和本组主管可以处理它"))
def can_work(user: User, call: Call) -> bool:
    """Asked beside sight of the call."""
    mine = call.agent_id == user.pk or (call.agent_id is None and user.pk in call.ringing)
    return mine or _directs(user, call)


@permission(_("只有正在接这通电话的人可以这样做"))
def can_speak(user: User, call: Call) -> bool:
    """What is said on the line is said by whoever is on it."""
    return call.agent_id == user.pk


@permission(_("只有系统管理员可以管理分机和电话接入"))
def can_manage_phones(user: User, subject: object) -> bool:
    return user.has_role(Role.SYSADMIN)


@permission(_("只有经理和系统管理员可以修改通话规则"))
def can_set_call_rules(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.SYSADMIN)


@permission(_("只有管理人员可以查看通话规则"))
def can_see_call_rules(user: User, subject: object) -> bool:
    return user.has_role(Role.MANAGER, Role.SYSADMIN, Role.SUPERVISOR, Role.AUDITOR)
