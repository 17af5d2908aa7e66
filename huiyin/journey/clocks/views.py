"""The clocks panel, and granting more time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.web.panels import rows
from huiyin.journey.clocks import actions, rules
from huiyin.journey.clocks.forms import AttachmentForm
from huiyin.journey.clocks.models import Clock, Policy
from huiyin.journey.clocks.permissions import can_attach, can_extend
from huiyin.journey.clocks.why import why
from huiyin.journey.complaint.models import Complaint

MOST = 20


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Every clock of the complaint, the running ones first, each with its reasons; below them
    those of its tasks and supervisions, together by whose they are."""
    every = sorted(
        rows(complaint, "clocks", _with_reasons), key=lambda c: (c.stopped_at is not None, c.due_at)
    )
    clocks = [clock for clock in every if not clock.subject][:MOST]
    may_extend = can_extend(request.user, complaint)
    may_attach = complaint.is_open and can_attach(request.user, complaint)
    return {
        "complaint": complaint,
        "clocks": [(clock, why(clock)) for clock in clocks],
        "others": _by_subject([clock for clock in every if clock.subject][:MOST]),
        "attached": complaint.attachments.select_related("policy", "by"),
        "may_attach": may_attach,
        "policies": _may_be_attached(complaint) if may_attach else [],
        "extendable": [clock for clock in clocks if may_extend and _has_room(clock)],
    }


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
    return running and clock.extra < float(clock.most_extra)


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
        seen=parse_datetime(due) if due else None,
    )
    return changed(_("已延期，并已告知客户"))


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
