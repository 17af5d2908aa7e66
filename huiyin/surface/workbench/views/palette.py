"""The command palette."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import Complaint
from huiyin.surface import context as frame
from huiyin.surface.workbench.lists import VIEWS

MOST_FOUND = 8


@login_required
@require_GET
def palette(request: HuiyinRequest) -> HttpResponse:
    """Complaints that match what is typed, and pages. The acts of the open page come from it."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:60]
    found: list[Complaint] = []
    if len(q) > 1:
        visible = Complaint.objects.visible_to(request.user).search(q)
        found = list(visible.for_list().order_by("-received_at", "-pk")[:MOST_FOUND])
    pages = [page for page in _pages(request) if q.lower() in page[0].lower()]
    return render(request, "workbench/palette.html", {"found": found, "pages": pages, "q": q})


def _pages(request: HuiyinRequest) -> list[tuple[str, str, str]]:
    """(title, icon, address) of where this person can go."""
    user, queue = request.user, reverse("workbench:queue")
    pages = []
    if user.has_role(*frame.TAKERS):
        pages.append((_("受理登记"), "clipboard-pen", reverse("workbench:registration")))
    if user.has_role(*frame.WORKERS):
        pages += [(str(view.title), view.icon, f"{queue}?view={view.key}") for view in VIEWS]
    if user.has_role(*frame.OVERSEERS):
        pages.append((_("督办看板"), "layout-dashboard", "/board/"))
    if user.has_role(*frame.KEEPERS):
        pages.append((_("管理"), "settings", "/console/"))
    return [*pages, (_("我的资料"), "user-round", "/me/")]
