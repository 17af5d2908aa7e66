"""The library, the page of an article, its editor, the reviews, the gaps, the import."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from huiyin.ground.knowledge.models import Version
from huiyin.ground.web.http import HuiyinRequest


@login_required
@require_GET
def article(request: HuiyinRequest, code: str) -> HttpResponse:
    visible = Version.objects.visible_to(request.user).select_related("article")
    found = get_object_or_404(
        visible.filter(article__code=code).order_by("-in_force", "-number")[:1]
    )
    return render(request, "knowledge/article.html", {"version": found})
