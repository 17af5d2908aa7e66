"""The clocks panel, and granting more time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.clocks import actions, rules
from huiyin.journey.clocks.models import Clock
from huiyin.journey.clocks.permissions import can_extend
from huiyin.journey.clocks.why import why
from huiyin.journey.complaint.models import Complaint

MOST = 20


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """Every clock of the complaint, the running ones first, each with its reasons."""
    found = complaint.clocks.prefetch_related("pauses", "extensions__approved_by")
    clocks = sorted(found, key=lambda c: (c.stopped_at is not None, c.due_at))[:MOST]
    may_extend = can_extend(request.user, complaint)
    return {
        "complaint": complaint,
        "clocks": [(clock, why(clock)) for clock in clocks],
        "extendable": [clock for clock in clocks if may_extend and _has_room(clock)],
    }


def _has_room(clock: Clock) -> bool:
    running = clock.stopped_at is None and clock.due_at > moment.now()
    return running and clock.extra < float(clock.most_extra)


@login_required
@require_POST
def extensions(request: HuiyinRequest, number: str) -> HttpResponse:
    """More time for one clock; the customer is told in the same act."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
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
