"""What somebody is told before he puts an option forward: may he, or who has to approve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution import actions, rules
from huiyin.journey.resolution.actions.authority import over_budget
from huiyin.journey.resolution.demanding import Wanted, demanded
from huiyin.journey.resolution.models import Remedy


@dataclass(frozen=True)
class Foreseen:
    """`within`: he decides himself; else the sentence names who approves, `why` what asks it.
    `unsaid`: the remedy gives money and nobody has said how much."""

    within: bool
    sentence: str
    roles: tuple[str, ...] = ()
    why: str = ""
    unsaid: bool = False


def foresee(
    user: User,
    complaint: Complaint,
    remedy: Remedy,
    value_fen: int,
    *,
    order_fen: int | None = None,
    words: str = "",
) -> Foreseen:
    """The verdict as it stands now; the act asks again when it is put forward."""
    kind = remedy.money_kind
    wanted = Wanted(value_fen, kind, remedy.pk, order_fen, words)
    if joint := demanded(complaint, wanted):
        roles = tuple(dict.fromkeys(role for rule in joint for role in rule.roles))
        return _together(roles, _("、").join(str(rule) for rule in joint))
    if not value_fen and remedy.gives_money:
        return Foreseen(False, _("请填写金额，再看由谁决定"), unsaid=True)
    own = actions.verdict(user, complaint, value_fen, kind=kind, order_fen=order_fen)
    bound = own.bound or ("budget" if over_budget(complaint, value_fen) else "")
    if not bound:
        told = _("您可以决定") if value_fen else _("不涉及金额，您可以决定")
        return Foreseen(True, told)
    total = actions.promised_fen(complaint) + value_fen
    roles = tuple(rules.deciders(total, actions.limits(), kind=kind, order_fen=order_fen))
    if not roles:
        return _together(rules.JOINT, _bounds()[bound])
    return Foreseen(False, _("需 %(who)s 审批") % {"who": _named(roles)}, roles, _bounds()[bound])


def _together(roles: tuple[str, ...], why: str) -> Foreseen:
    return Foreseen(False, _("需 %(who)s 会签") % {"who": _named(roles)}, roles, why)


def _named(roles: Iterable[str]) -> str:
    return _("、").join(str(Role(role).label) for role in roles)


def _bounds() -> dict[str, str]:
    """Which bound was passed, as people say it."""
    return {
        "case": _("超出您每件的额度（含订单比例和 30 天内对这位客户的承诺）"),
        "month": _("超出您本月的额度"),
        "four_eyes": _("这个金额要有第二个人复核"),
        "budget": _("超出本期预算"),
    }
