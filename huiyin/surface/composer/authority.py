"""What somebody is told before he puts an option forward: may he, or who has to approve."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import actions, rules
from huiyin.journey.resolution.models import Remedy


@dataclass(frozen=True)
class Foreseen:
    """`within`: he decides himself; else the sentence names who approves."""

    within: bool
    sentence: str
    roles: tuple[str, ...] = ()


def foresee(user: User, complaint: Complaint, remedy: Remedy, value_fen: int) -> Foreseen:
    """The verdict as it stands now; the act asks again when it is put forward."""
    verdict = actions.may_promise(user, complaint, value_fen, kind=remedy.money_kind)
    if verdict.within:
        told = _("您可以决定") if value_fen else _("不涉及金额，您可以决定")
        return Foreseen(True, told)
    roles = _approvers(complaint, remedy, value_fen)
    names = _("、").join(str(Role(role).label) for role in roles)
    jointly = set(roles) == set(rules.JOINT)
    told = _("需 %(who)s 会签") if jointly else _("需 %(who)s 审批")
    return Foreseen(False, told % {"who": names}, tuple(roles))


def _approvers(complaint: Complaint, remedy: Remedy, value_fen: int) -> list[str]:
    total = actions.promised_fen(complaint) + value_fen
    return rules.deciders(total, actions.limits()) or list(rules.JOINT)
