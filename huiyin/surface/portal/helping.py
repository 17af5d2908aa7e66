"""Help pages of the portal: what is published for customers, read without signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Kind, Place

MOST = 100
ORDER = (Kind.ARTICLE, Kind.POLICY, Kind.LAW)


@require_GET
def help_pages(request: HttpRequest) -> HttpResponse:
    """By kind, or the best for what is searched."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:64]
    found = knowledge.find(None, query, limit=MOST)
    if query and not found:
        knowledge.missed(query, place=Place.HELP)
    groups = [(kind.label, [one for one in found if one.kind == kind]) for kind in ORDER]
    context = {
        "q": query,
        "found": found if query else [],
        "groups": [] if query else [(title, rows) for title, rows in groups if rows],
    }
    return render(request, "portal/help.html", context)


@require_GET
def help_page(request: HttpRequest, code: str) -> HttpResponse:
    """One page, in the reader's language."""
    shown = Version.objects.current(moment.today()).readable_by(None)
    version = get_object_or_404(shown.select_related("article"), article__code=code)
    return render(request, "portal/help_page.html", {"version": version})
