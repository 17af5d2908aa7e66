"""The desk of a department (also for those who asked), the page of one task, the directory."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.people.words import DepartmentKind
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.cooperation import shown
from huiyin.journey.cooperation.forms import number
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.permissions import can_see_directory
from huiyin.journey.cooperation.views import choices, found
from huiyin.surface.desk import improving, lists

MOST_DEPARTMENTS = 200


@login_required
@require_GET
def listing(request: HuiyinRequest) -> HttpResponse:
    """The tasks of one's department, or those one asked for; its rows alone for news."""
    now = moment.now()
    views = lists.views_of(request.user)
    asked = request.GET.get("view", "")
    view = next((one for one in views if one.key == asked), views[0])
    tasks, more = lists.rows(request.user, view, now, number(request.GET.get("before", "")))
    counts = lists.counts(request.user, now)
    context = {
        "view": view,
        "views": [(one, counts.get(one.key, "")) for one in views],
        "tasks": [(task, task.is_late(now)) for task in tasks],
        "more": more,
        "department": lists.is_department(request.user),
        "whose": lists.whose(request.user),
    }
    if not request.htmx:
        context["owed"] = improving.owed(request.user)
        first = bool(context["owed"]) and view is views[0]
        context["urgent"] = improving.most_urgent(request.user, now) if first else []
    part = "desk/rows.html" if request.htmx else "desk/list.html"
    return render(request, part, context)


@login_required
@require_GET
def task(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One task, for either side. `part` asks for what refreshes itself: live or acts."""
    one: Task = found(request, pk)
    context: dict[str, Any] = shown.page(one, request.user) | choices(one)
    part = request.GET.get("part", "")
    if part in ("head", "course", "acts"):
        return render(request, f"cooperation/{part}.html", context)
    return render(request, "desk/task.html", context)


@login_required
@require_GET
def directory(request: HuiyinRequest) -> HttpResponse:
    """Whom to ask and whom to call: every department, store and outside party."""
    can_see_directory.require(request.user, None)
    typed = request.GET.get("q", "").replace("\0", "").strip()[:60]
    kind = request.GET.get("kind", "")
    departments = Department.objects.in_use().select_related(
        "head", "deputy_head", "duty", "parent"
    )
    if kind in DepartmentKind.values:
        departments = departments.filter(kind=kind)
    for word in typed.split()[:5]:
        departments = departments.filter(
            Q(
                *(Q(**{f"{name}__icontains": word}) for name in SEARCHED),
                _connector=Q.OR,
            )
        )
    context = {
        "departments": departments.order_by("kind", "code")[:MOST_DEPARTMENTS],
        "q": typed,
        "kind": kind,
        "kinds": DepartmentKind.choices,
    }
    part = "desk/departments.html" if request.htmx else "desk/directory.html"
    return render(request, part, context)


SEARCHED = (
    "name",
    "name_en",
    "code",
    "about",
    "contact_name",
    "contact_phone",
    "duty_phone",
    "address",
    "head__name",
    "deputy_head__name",
    "duty__name",
)
