"""The clocks panel, granting more time and asking for it, standing still and waking."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Permission
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.clocks import actions, rules
from huiyin.journey.clocks.actions.extending import required
from huiyin.journey.clocks.forms import AttachmentForm, SuspensionForm
from huiyin.journey.clocks.models import Clock, Policy
from huiyin.journey.clocks.permissions import (
    can_ask,
    can_attach,
    can_decide_extension,
    can_decide_suspension,
)
from huiyin.journey.clocks.why import attached, why
from huiyin.journey.clocks.words import ClockKind, RequestState, SuspendReason
from huiyin.journey.complaint.lifecycle import WORKING
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Severity, Status
from huiyin.journey.routing.permissions import can_handle

MOST = 20


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Every clock of the complaint, the running ones first, each with its reasons; below them
    those of its tasks and supervisions, together by whose they are."""
    every = sorted(
        rows(complaint, "clocks", _with_reasons), key=lambda c: (c.stopped_at is not None, c.due_at)
    )
    clocks = [clock for clock in every if not clock.subject][:MOST]
    roomy = [clock for clock in clocks if _has_room(clock)]
    extendable = [clock for clock in roomy if required(clock)(request.user, complaint)]
    may_attach = complaint.is_open and can_attach(request.user, complaint)
    return {
        "complaint": complaint,
        "clocks": [(clock, why(clock)) for clock in clocks],
        "others": _by_subject([clock for clock in every if clock.subject][:MOST]),
        "attached": attached(complaint),
        "may_attach": may_attach,
        "policies": _may_be_attached(complaint) if may_attach else [],
        "extendable": extendable,
        "may_give_interim": _owes_interim(clocks) and can_handle(request.user, complaint),
        **_asked(request.user, complaint, [one for one in roomy if one not in extendable]),
        **_standing_still(request.user, complaint),
    }


def _asked(user: User, complaint: Complaint, roomy: list[Clock]) -> dict[str, Any]:
    """What may be asked for, and what waits for a decision."""
    may_ask = bool(roomy) and can_ask(user, complaint)
    found = complaint.extension_requests.filter(state=RequestState.ASKED)
    waiting = list(found.select_related("clock", "by")) if complaint.is_open else []
    there = {one.clock_id for one in waiting}
    return {
        "askable": [clock for clock in roomy if may_ask and clock.pk not in there],
        "requests": [(one, _may_decide(user, one, can_decide_extension)) for one in waiting],
    }


def _standing_still(user: User, complaint: Complaint) -> dict[str, Any]:
    stands = complaint.status == Status.SUS
    if not stands and complaint.status not in WORKING:
        return {}
    kept = (RequestState.ASKED, RequestState.GRANTED)
    found = complaint.suspensions.filter(state__in=kept).select_related("by", "decided_by")
    by_state = {one.state: one for one in found}
    waiting = by_state.get(RequestState.ASKED)
    handles = can_ask(user, complaint)
    return {
        "suspended": by_state.get(RequestState.GRANTED) if stands else None,
        "suspension": waiting,
        "may_decide_suspension": waiting and _may_decide(user, waiting, can_decide_suspension),
        "may_suspend": handles and not waiting and complaint.severity != Severity.S1,
        "may_wake": stands and can_handle(user, complaint),
        "suspend_reasons": SuspendReason.choices,
    }


def _may_decide(user: User, asked: Any, may: Permission[Any]) -> bool:
    return asked.by_id != user.pk and may(user, asked)


def _owes_interim(clocks: list[Clock]) -> bool:
    return any(one.kind == ClockKind.INTERIM and one.stopped_at is None for one in clocks)


def _with_reasons(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    found = clocks.select_related("department", "person")
    return found.prefetch_related("pauses", "extensions__approved_by")


def _by_subject(clocks: list[Clock]) -> list[tuple[str, list[tuple[Clock, list[str]]]]]:
    """What each task or supervision is called, with its clocks."""
    found: dict[str, list[Clock]] = {}
    for clock in clocks:
        found.setdefault(clock.subject, []).append(clock)
    return [(own[0].label, [(clock, why(clock)) for clock in own]) for own in found.values()]


def _may_be_attached(complaint: Complaint) -> QuerySet[Policy]:
    there = complaint.attachments.values("policy")
    return Policy.objects.filter(enabled=True).exclude(pk__in=there)


def _has_room(clock: Clock) -> bool:
    running = clock.stopped_at is None and clock.due_at > moment.now()
    return running and clock.left > 0


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user), number=number)


@login_required
@require_POST
def extensions(request: HuiyinRequest, number: str) -> HttpResponse:
    """More time for one clock; the customer is told in the same act."""
    complaint = _seen(request, number)
    kind, _at, due = request.POST.get("clock", "").partition("@")
    actions.extend(
        complaint,
        by=request.user,
        kind=kind,
        amount=rules.read_amount(request.POST.get("amount", "")),
        reason=request.POST.get("reason", ""),
        seen=moment.read(due),
    )
    return changed(_("已延期，并已告知客户"))


@login_required
@require_POST
def extension_requests(request: HuiyinRequest, number: str) -> HttpResponse:
    """More time is asked for; somebody else decides."""
    complaint = _seen(request, number)
    kind, _at, due = request.POST.get("clock", "").partition("@")
    actions.ask_extension(
        complaint,
        by=request.user,
        kind=kind,
        amount=rules.read_amount(request.POST.get("amount", "")),
        reason=request.POST.get("reason", ""),
        seen=moment.read(due),
    )
    return changed(_("已提交延期申请，等待审批"))


@login_required
@require_POST
def extension_decision(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    asked = get_object_or_404(_seen(request, number).extension_requests, pk=pk)
    approve, words = _decision(request)
    actions.decide_extension(asked, by=request.user, approve=approve, words=words)
    return changed(_("已延期，并已告知客户") if approve else _("已答复申请人：不同意"))


@login_required
@require_POST
def suspensions(request: HuiyinRequest, number: str) -> HttpResponse:
    """To stand still until a day is asked for; supervisor or manager decides."""
    complaint = _seen(request, number)
    actions.ask_suspension(complaint, by=request.user, **SuspensionForm(request.POST).typed())
    return changed(_("已提交挂起申请，等待审批"))


@login_required
@require_POST
def suspension_decision(request: HuiyinRequest, number: str, pk: int) -> HttpResponse:
    asked = get_object_or_404(_seen(request, number).suspensions, pk=pk)
    approve, words = _decision(request)
    actions.decide_suspension(asked, by=request.user, approve=approve, words=words)
    return changed(_("已挂起，并已告知客户") if approve else _("已答复申请人：不同意"))


def _decision(request: HuiyinRequest) -> tuple[bool, str]:
    return request.POST.get("approve") == "1", request.POST.get("words", "")


@login_required
@require_POST
def waking(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.wake(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已解挂，时限继续计时"))


@login_required
@require_POST
def interim(request: HuiyinRequest, number: str) -> HttpResponse:
    """The decision that stops what harms, or the reply that says how it stands."""
    complaint = _seen(request, number)
    actions.give_interim(complaint, by=request.user, text=request.POST.get("text", ""))
    return changed(_("已登记，临时措施时限完成"))


@login_required
@require_POST
def policies(request: HuiyinRequest, number: str) -> HttpResponse:
    """One more policy counts for this complaint, with the document that says so."""
    complaint = _seen(request, number)
    actions.attach(complaint, by=request.user, **AttachmentForm(request.POST).typed())
    return changed(_("已附加，时限已按最早的一项重算"))


@login_required
@require_POST
def removal(request: HuiyinRequest, number: str, code: str) -> HttpResponse:
    actions.detach(_seen(request, number), by=request.user, policy=code)
    return changed(_("已取消，时限已重算"))
