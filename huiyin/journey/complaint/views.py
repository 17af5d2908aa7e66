"""What pages of a complaint share, and the panel of who may see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint import actions
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.permissions import can_lift, can_restrict


def acted(request: HuiyinRequest, complaint: Complaint, sentence: str) -> HttpResponse:
    """An act went well. Who no longer sees the complaint (it waited for him only) goes home."""
    if Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return changed(sentence)
    messages.success(request, sentence)
    return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_REDIRECT_URL})


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """Who is named for a restricted complaint; nothing where nobody may or need know."""
    may_restrict = can_restrict(request.user, complaint)
    if not (complaint.restricted or may_restrict):
        return None
    named = list(complaint.access.select_related("user").order_by("user__name"))
    return {
        "complaint": complaint,
        "named": [one.user for one in named],
        "may_restrict": may_restrict,
        "may_lift": complaint.restricted and can_lift(request.user, complaint),
        "people": User.objects.active().exclude(roles=[]) if may_restrict else [],
    }


@login_required
@require_POST
def restriction(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    asked = [int(pk) for pk in request.POST.getlist("people") if pk.isdecimal()]
    people = User.objects.active().filter(pk__in=asked)
    reason = request.POST.get("reason", "")
    actions.restrict(complaint, by=request.user, people=people, reason=reason)
    return acted(request, complaint, _("已限制查看，只有名单上的人看得到"))


@login_required
@require_POST
def lifting(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    actions.lift(complaint, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, complaint, _("已解除查看限制"))
