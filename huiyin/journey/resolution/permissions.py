"""Who may offer, decide, answer for the customer, execute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import permission
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.models import Budget, Offer
from huiyin.journey.resolution.people import keepers_of, names
from huiyin.journey.resolution.rules import DECIDERS, JOINT
from huiyin.journey.routing.permissions import can_handle


@permission(_("只有处理人和本组主管可以提出方案"))
def can_propose(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)


def _four_eyes(user: User, offer: Offer) -> bool:
    # Whoever proposed it never decides it; a machine never does (GB/T 47746). A deputy may in the
    # name of who is away, but not where either of them proposed it.
    if offer.by_id == user.pk or user.is_system:
        return False
    return any(has_say(one) for one in names(user) if one.pk != offer.by_id)


def has_say(user: User) -> bool:
    """Whether his own roles let him decide offers at all."""
    return user.has_role(*DECIDERS, *JOINT)


@permission(
    _("只有组长、主管、经理（大额时还有财务、法务）可以审批方案，而且不能审批自己提出的方案")
)
def can_decide(user: User, offer: Offer) -> bool:
    return _four_eyes(user, offer)


@permission(_("只有审批人可以驳回方案，提出人可以撤回自己的方案"))
def can_deny(user: User, offer: Offer) -> bool:
    return offer.by_id == user.pk or _four_eyes(user, offer)


@permission(_("只有提出人，或接手这件投诉的人，可以确认对方案的修改"))
def can_acknowledge(user: User, offer: Offer) -> bool:
    if user.pk in (offer.decided_by_id, offer.decided_for_id):
        return False
    return offer.by_id == user.pk or can_handle(user, offer.complaint)


@permission(_("只有处理人和本组主管可以登记客户答复"))
def can_answer(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint)


@permission(_("只有处理人、本组主管和财务可以登记执行结果"))
def can_execute(user: User, complaint: Complaint) -> bool:
    return can_handle(user, complaint) or user.has_role(Role.FINANCE)


@permission(_("只有经理、值班主管、财务，和这笔预算的部门负责人、组长可以看预算"))
def can_read_budget(user: User, budget: Budget) -> bool:
    if user.has_role(Role.MANAGER, Role.SUPERVISOR, Role.FINANCE):
        return True
    return user.pk in {one.pk for one in keepers_of(budget)}
