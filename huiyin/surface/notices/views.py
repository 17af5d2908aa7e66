"""The bell, and the phrases a reply may begin with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.notices.actions import filled_phrases, mark_read

SHOWN = 20
MOST = 99


@login_required
@require_GET
def bell(request: HuiyinRequest) -> HttpResponse:
    """The last notices of complaints that one still sees, and how many of them are unread."""
    return _bell(request)


@login_required
@require_POST
def reading(request: HuiyinRequest) -> HttpResponse:
    mark_read(request.user)
    return _bell(request)


def _bell(request: HuiyinRequest) -> HttpResponse:
    visible = Complaint.objects.visible_to(request.user)
    mine = request.user.notices.filter(complaint__in=visible).select_related("complaint")
    unread = mine.unread()[: MOST + 1].count()
    context = {"notices": mine[:SHOWN], "unread": unread if unread <= MOST else f"{MOST}+"}
    return render(request, "notices/bell.html", context)


@login_required
@require_GET
def phrases(request: HuiyinRequest, number: str) -> HttpResponse:
    """The phrases for this complaint's category, filled with what belongs to it."""
    seen = Complaint.objects.visible_to(request.user).select_related("customer")
    complaint = get_object_or_404(seen, number=number)
    return render(request, "notices/phrases.html", {"phrases": filled_phrases(complaint)})
