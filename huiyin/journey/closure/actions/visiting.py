"""Calling back, the customer's own word, and what follows when it is not solved: rework."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.closure import rules
from huiyin.journey.closure.actions.closing import reopen
from huiyin.journey.closure.actions.standing import since, times_reworked, was_reached
from huiyin.journey.closure.models import Visit
from huiyin.journey.closure.permissions import can_feed_back, can_reopen, can_visit
from huiyin.journey.closure.words import VisitResult
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said

TAKEN_UP = gettext_lazy("接办重办")
NOT_SOLVED = gettext_lazy("客户说没有解决")


@transaction.atomic
def visit(complaint: Complaint, *, by: User, result: str, words: str = "") -> Visit:
    """Call back. Not reached: again in another part of the day. Unsatisfied: rework (重办)."""
    can_visit.require(by, complaint)
    complaint.hold()
    if complaint.status != Status.FUV:
        raise Refused(_("这条投诉现在不需要回访"))
    if was_reached(complaint):
        raise Refused(_("已经回访到客户，请结案或由主管决定"))
    if result not in VisitResult.values:
        raise Invalid(_("请选择回访结果"), result=_("请选择回访结果"))
    unhappy = result == VisitResult.UNSATISFIED
    missing = _("客户不满意时，请记下客户说了什么") if unhappy else ""
    words = said(words, name="words", most=1000, missing=missing)
    entry = Visit.objects.create(
        complaint=complaint, result=result, words=words, by=by, at=moment.now()
    )
    label = frozen(VisitResult(result).label)
    reached = result != VisitResult.NOT_REACHED
    record(What.VISITED, complaint, by=by, result=label, words=words, reached=reached)
    if unhappy:
        _not_solved(complaint, by=by, reason=words)
    return entry


# --- rework ------------------------------------------------------------------------------------


@transaction.atomic
def rework(complaint: Complaint, *, by: User, reason: str) -> None:
    """Send it back to work (重办): twice at most, then only the manager may."""
    can_reopen.require(by, complaint)
    complaint.hold()
    reason = said(reason, name="reason", most=500, missing=_("请写明重办原因"))
    if times_reworked(complaint) >= rules.MOST_REWORKS and not by.has_role(Role.MANAGER):
        raise Refused(_("已经重办两次，接下来由经理决定重办还是结案"))
    _rework(complaint, by=by, reason=reason)


def _not_solved(complaint: Complaint, *, by: User, reason: str) -> None:
    """The customer is not content: rework, as long as that may help; then the manager is called."""
    if times_reworked(complaint) < rules.MOST_REWORKS:
        _rework(complaint, by=by, reason=reason)
    else:
        record(What.ESCALATED, complaint, by=by, reason=reason, to=frozen(Role.MANAGER.label))


def _rework(complaint: Complaint, *, by: User, reason: str) -> None:
    complaint.move_to(Status.RWK)
    complaint.carry(resolved_at=None)
    times = times_reworked(complaint) + 1
    record(What.REWORKED, complaint, by=by, reason=reason, times=times)


@transaction.atomic
def take_up(complaint: Complaint, *, by: User) -> None:
    """Begin the rework. The second one is for somebody else: it is handed over, not taken up."""
    can_feed_back.require(by, complaint)
    complaint.hold()
    if complaint.status != Status.RWK:
        raise Refused(_("只有待重办的投诉可以接办"))
    if times_reworked(complaint) >= rules.MOST_REWORKS:
        raise Refused(_("第二次重办要换人办理，请主管转派给另一位同事"))
    complaint.move_to(Status.HND)
    record(What.RESUMED, complaint, by=by, reason=frozen(TAKEN_UP))


# --- the customer's own word --------------------------------------------------------------------


@transaction.atomic
def judge(complaint: Complaint, *, solved: bool, words: str = "") -> None:
    """What the customer says at the end, by himself. Unsolved within 30 days opens it again."""
    system = User.objects.system()
    complaint.hold()
    words = said(words, name="words", most=500)
    if complaint.status not in (Status.RES, Status.FUV, Status.CLO):
        raise Refused(_("处理完成后再请您评价；现在可以补充情况或催办"))
    if complaint.events.filter(what=What.CUSTOMER_JUDGED, at__gte=since(complaint)).exists():
        raise Refused(_("您已经评价过这次处理了，谢谢"))
    record(What.CUSTOMER_JUDGED, complaint, by=system, solved=solved, words=words)
    if solved:
        return
    reason = words or frozen(NOT_SOLVED)
    if complaint.status != Status.CLO:
        _not_solved(complaint, by=system, reason=reason)
    elif rules.may_reopen(complaint.closed_at, moment.now()):
        reopen(complaint, by=system, reason=reason)
