"""Who may give a complaint to whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing.people import stand_in
from huiyin.journey.routing.words import How

HANDLERS = (Role.AGENT, Role.SPECIALIST, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)
DIRECTORS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


def directs(user: User, complaint: Complaint) -> bool:
    """Managers everywhere; leads and supervisors in their teams, and where no team has it yet."""
    if user.has_role(Role.MANAGER):
        return True
    in_team = complaint.team_id is None or complaint.team_id in user.team_ids
    return in_team and user.has_role(Role.LEAD, Role.SUPERVISOR)


@permission(_("只有分级员、组长、主管和经理可以派单"))
def can_dispatch(user: User, complaint: Complaint) -> bool:
    return user.has_role(Role.TRIAGER) or directs(user, complaint)


@permission(_("只能领取本组待分配的投诉"))
def can_take(user: User, complaint: Complaint) -> bool:
    return complaint.team_id in user.team_ids and user.has_role(*HANDLERS)


def _has_it(user: User, complaint: Complaint) -> bool:
    """Whoever has it, and the deputy of somebody who is away."""
    holder = complaint.assignee
    if holder is None or holder == user:
        return holder is not None
    return holder.deputy_id is not None and stand_in(holder) == user


@permission(_("只有被派单的人可以签收，主管可以代为签收"))
def can_accept(user: User, complaint: Complaint) -> bool:
    return _has_it(user, complaint) or directs(user, complaint)


@permission(_("只有处理人和本组主管可以转派、退回或暂停这条投诉"))
def can_handle(user: User, complaint: Complaint) -> bool:
    return _has_it(user, complaint) or directs(user, complaint)


@permission(_("只有参与这条投诉的人可以催办或升级"))
def can_urge(user: User, complaint: Complaint) -> bool:
    return user.has_role(*HANDLERS, Role.TRIAGER, Role.SUPERVISION, Role.VISITOR)


@permission(_("只有被呼叫的值班人员、本组主管和经理可以接办"))
def can_answer(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint) or complaint.rings.calling(user).exists()


@permission(_("只有组长、主管、经理，或转派的人自己，可以在签收前收回"))
def can_pull_back(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint) or _gave_it(user, complaint)


def _gave_it(user: User, complaint: Complaint) -> bool:
    given = complaint.assignments.current().filter(by=user, accepted_at=None)
    return given.filter(how__in=(How.HAND_OVER, How.DISPATCH)).exists()


@permission(_("只有组长、主管和经理可以变更首接负责人"))
def can_change_owner(user: User, complaint: Complaint) -> bool:
    return directs(user, complaint)


def leads(user: User, person: User) -> bool:
    """Managers everybody; leads and supervisors those of their teams."""
    if user.has_role(Role.MANAGER):
        return True
    in_team = not set(user.team_ids).isdisjoint(person.team_ids)
    return in_team and user.has_role(Role.LEAD, Role.SUPERVISOR)


@permission(_("只有组长、主管和经理可以移交别人手上的投诉"))
def can_relieve(user: User, person: User) -> bool:
    return leads(user, person)


@permission(_("只能安排自己或本组成员的离岗"))
def can_arrange_absence(user: User, person: User) -> bool:
    return user.pk == person.pk or leads(user, person)
