"""The condition builder as a part of other pages, and its preview."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.conditions.forms import ConditionField, condition_in
from huiyin.ground.conditions.rules import LONGEST_TYPED
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.routing import conditions


@never_cache
@login_required
@require_POST
def preview(request: HuiyinRequest) -> HttpResponse:
    """Which of the last week's complaints a condition picks. POST, since it is long; it changes
    nothing."""
    condition = condition_in(request.POST.get("condition", ""), conditions.attributes())
    context: dict[str, Any] = {"condition": condition, "words": conditions.in_words(condition)}
    if condition is not None:
        context["found"] = conditions.fitting(request.user, condition, moment.now())
    return render(request, "routing/preview.html", context)


@never_cache
@login_required
@require_GET
def builder(request: HuiyinRequest) -> HttpResponse:
    """The condition builder as a part of another page: fetched when somebody wants it."""
    field = ConditionField(conditions.attributes, preview=reverse("routing:preview"))
    shown = field.widget.render("cond", request.GET.get("cond", "")[:LONGEST_TYPED], {"id": "cond"})
    return HttpResponse(shown)
