"""The closure panel and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.closure import actions
from huiyin.journey.closure.permissions import (
    can_cancel,
    can_close,
    can_feed_back,
    can_reopen,
    can_visit,
    can_withdraw,
)
from huiyin.journey.closure.words import Outcome, Satisfaction, VisitResult
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.investigation.words import Cause, Liability
from huiyin.journey.resolution.models import Remedy


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any]:
    """What was told and decided, and the next step."""
    user, status = request.user, Status(complaint.status)
    feedback = complaint.feedbacks.select_related("by").first()
    ending = status in (Status.RES, Status.FUV)
    finding = complaint.findings.first() if ending else None
    offer = complaint.offers.filter(state="executed").first() if ending else None
    return {
        "feedback": feedback,
        "visits": list(complaint.visits.select_related("by")[:10]),
        "closing": complaint.closings.select_related("by", "remedy").first(),
        "reopenings": complaint.reopenings.count(),
        "may_feed_back": (
            status == Status.RES and not actions.told(complaint) and can_feed_back(user, complaint)
        ),
        "may_visit": status == Status.FUV and can_visit(user, complaint),
        "may_close": ending and can_close(user, complaint),
        "missing": actions.missing_for_closing(complaint) if ending else [],
        "may_take_up": status == Status.RWK and can_feed_back(user, complaint),
        "may_rework": ending and can_reopen(user, complaint),
        "may_reopen": status == Status.CLO and can_reopen(user, complaint),
        "may_withdraw": complaint.is_open and can_withdraw(user, complaint),
        "may_cancel": complaint.is_open and can_cancel(user, complaint),
        "finding": finding,
        "offer": offer,
        "outcomes": Outcome.choices,
        "causes": Cause.choices,
        "liabilities": Liability.choices,
        "remedies": Remedy.objects.usable(),
        "satisfactions": Satisfaction.choices,
        "results": VisitResult.choices,
    }


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("customer"), number=number)


@login_required
@require_POST
def feedback(request: HuiyinRequest, number: str) -> HttpResponse:
    asked = {k: request.POST.get(k, "") for k in ("measures", "result", "prevention")}
    actions.feed_back(_seen(request, number), by=request.user, **asked)
    return changed(_("结果已告知客户"))


@login_required
@require_POST
def visits(request: HuiyinRequest, number: str) -> HttpResponse:
    asked = {k: request.POST.get(k, "") for k in ("result", "words")}
    actions.visit(_seen(request, number), by=request.user, **asked)
    return changed(_("已登记回访"))


@login_required
@require_POST
def closure(request: HuiyinRequest, number: str) -> HttpResponse:
    code = request.POST.get("remedy", "")
    names = ("outcome", "cause", "liability", "satisfaction", "note")
    actions.close(
        _seen(request, number),
        by=request.user,
        remedy=Remedy.objects.usable().filter(code=code).first(),
        improvement=request.POST.get("improvement") == "1",
        **{name: request.POST.get(name, "") for name in names},
    )
    return changed(_("已结案"))


@login_required
@require_POST
def reopening(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.reopen(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已重开"))


@login_required
@require_POST
def rework(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.rework(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已退回重办"))


@login_required
@require_POST
def taking_up(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.take_up(_seen(request, number), by=request.user)
    return changed(_("已接办"))


@login_required
@require_POST
def withdrawal(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.withdraw(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已登记客户撤回"))


@login_required
@require_POST
def cancellation(request: HuiyinRequest, number: str) -> HttpResponse:
    actions.cancel(_seen(request, number), by=request.user, reason=request.POST.get("reason", ""))
    return changed(_("已作废"))
