"""The green channel: the calls that wait for somebody, on every page of his, and accepting one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.routing import actions
from huiyin.journey.routing.models import Ring

STANDING_OPEN, MOST_SHOWN, MOST_COUNTED = 2, 5, 100


def calling(user: User) -> QuerySet[Ring]:
    """The calls this person can answer now, of complaints that he sees, the longest waiting first;
    a hundred at most."""
    rings = Ring.objects.calling(user).select_related("complaint")
    return rings.filter(complaint__in=Complaint.objects.visible_to(user))[:MOST_COUNTED]


@never_cache
@login_required
@require_GET
def rings(request: HuiyinRequest) -> HttpResponse:
    """Two stand open; more of them would push the page away, and are folded."""
    calls = calling(request.user)
    found = list(calls[: MOST_SHOWN + 1])
    unshown = len(found) > MOST_SHOWN
    folded = max((calls.count() if unshown else len(found)) - STANDING_OPEN, 0)
    context = {"rings": found[:MOST_SHOWN], "folded": folded, "unshown": unshown}
    return render(request, "routing/rings.html", context)


@login_required
@require_POST
def answering(request: HuiyinRequest, number: str) -> HttpResponse:
    """Accept the call, and on to the complaint: there the work begins."""
    visible = Complaint.objects.visible_to(request.user)
    complaint = get_object_or_404(visible.select_related("team", "assignee"), number=number)
    actions.answer(complaint, by=request.user)
    messages.success(request, _("已接办，由您负责"))
    there = f"{settings.LOGIN_REDIRECT_URL}complaints/{complaint.number}/"
    return HttpResponse(status=204, headers={"HX-Redirect": there})
