"""Calling back, and the customer's own word at the portal."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.callbacks.actions import answer, ask
from huiyin.journey.callbacks.models import Callback, Try
from huiyin.journey.callbacks.words import IN_VAIN, CallbackKind
from huiyin.journey.clocks.actions import stop_visit
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.closure import rules
from huiyin.journey.closure.actions.closing import reopen
from huiyin.journey.closure.actions.reworking import not_solved
from huiyin.journey.closure.actions.standing import since, visit_rule, was_reached
from huiyin.journey.closure.models import Visit
from huiyin.journey.closure.permissions import can_visit
from huiyin.journey.closure.words import VisitResult
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said

NOT_SOLVED = gettext_lazy("客户说没有解决")
VISIT_DUE = gettext_lazy("按回访规则")
VISIT_WITHIN = timedelta(days=3)  # where no policy gives the visit a clock


def plan_visit(event: Event) -> None:
    """Follow the feedback: whom a rule says must be visited stands in the visitors' queue."""
    complaint = event.complaint
    if complaint.status == Status.FUV:
        rule = visit_rule(complaint)
        _ask_visit(complaint, by=event.by, reason=rule.name if rule else frozen(VISIT_DUE))


def _ask_visit(complaint: Complaint, *, by: User, reason: str) -> Callback:
    """Timed by the clock that the complaint itself has for its visit."""
    clock = complaint.clocks.own().filter(kind=ClockKind.VISIT, stopped_at=None).first()
    due = clock.due_at if clock is not None else moment.now() + VISIT_WITHIN
    return ask(
        complaint,
        kind=CallbackKind.VISIT,
        reason=reason,
        due_at=due,
        by=by,
        source="visit",
        post=Role.VISITOR,
        clock=clock,
    )


@transaction.atomic
def visit(complaint: Complaint, *, by: User, result: str, words: str = "") -> Visit:
    """Call back. Not reached: again in another part of the day. Unsatisfied: rework (重办).

    The same as an answer to the call that waits in the queue; where none does, it waits now.
    """
    can_visit.require(by, complaint)
    complaint.hold()
    if complaint.status != Status.FUV:
        raise Refused(_("这条投诉现在不需要回访"))
    if was_reached(complaint):
        raise Refused(_("已经回访到客户，请结案或由主管决定"))
    if result not in VisitResult.values:
        raise Invalid(_("请选择回访结果"), result=_("请选择回访结果"))
    waiting = complaint.callbacks.open().filter(kind=CallbackKind.VISIT).first()
    callback = waiting or _ask_visit(complaint, by=by, reason=frozen(VISIT_DUE))
    callback.complaint = complaint
    answer(callback, by=by, result=result, words=words)
    return Visit.objects.filter(complaint=complaint, by=by).latest("pk")


def keep_visit(event: Event) -> None:
    """Follow a call: when it was a visit, it stands among the visits, and what follows follows."""
    if event.facts.get("kind") != CallbackKind.VISIT:
        return
    complaint, made = event.complaint, Try.objects.get(pk=event.facts["try"])
    reached = made.result not in IN_VAIN
    result = made.result if reached else VisitResult.NOT_REACHED
    Visit.objects.create(
        complaint=complaint, result=result, words=made.words, by=made.by, at=made.at
    )
    label = frozen(VisitResult(result).label)
    record(What.VISITED, complaint, by=made.by, result=label, words=made.words, reached=reached)
    if event.what == What.CALLBACK_DONE and not reached:  # three parts of the day: that is enough
        stop_visit(complaint, at=made.at, by=made.by)
    if result == VisitResult.UNSATISFIED:
        not_solved(complaint, by=made.by, reason=made.words)


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
        not_solved(complaint, by=system, reason=reason)
    elif rules.may_reopen(complaint.closed_at, moment.now()):
        reopen(complaint, by=system, reason=reason)
