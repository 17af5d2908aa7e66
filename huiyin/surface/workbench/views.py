"""Queue, complaint page, palette. They put stages together and decide nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.conversation.permissions import can_note, can_reply, can_take_down
from huiyin.journey.routing import actions as routing
from huiyin.journey.triage.models import Category
from huiyin.surface.workbench import lists, panels
from huiyin.surface.workbench.lists import ORDERS, VIEWS, Filters
from huiyin.surface.workbench.story import story


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Staff to their queue, everybody else to the portal."""
    if not isinstance(request.user, User):
        return redirect("portal:start")
    return redirect("workbench:queue")


@login_required
@require_GET
def queue(request: HuiyinRequest) -> HttpResponse:
    """The list: whole at first, rows alone when htmx asks for more of them."""
    filters = Filters.read(request.GET)
    found = filters.pick(request.user, moment.now())
    rows, after = lists.page(found, filters.sort, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "rows": rows,
        "filters": filters,
        "query": urlencode(filters.query()),
        "after": after,
        "categories": Category.objects.names([row.category for row in rows]),
        "may_assign": may_assign_many(request.user),
    }
    if request.GET.get("after"):
        return render(request, "workbench/rows.html", context)
    teams = list(Team.objects.filter(retired_at=None))
    context |= {
        "views": VIEWS,
        "orders": [(k, o.title) for k, o in ORDERS.items() if not _closed_to(k, filters)],
        "chips": [
            (sentence, urlencode({k: v for k, v in filters.query().items() if k != name}))
            for name, sentence in lists.chips(filters, _names(filters, teams))
        ],
        "teams": teams,
        "severities": Severity.choices,
        "statuses": Status.choices,
        "channels": Channel.choices,
        "main_categories": Category.objects.main(),
        "people": User.objects.active().filter(teams__in=request.user.team_ids).distinct(),
    }
    template = "workbench/list.html" if request.htmx else "workbench/queue.html"
    return render(request, template, context)


def may_assign_many(user: User) -> bool:
    """Who is shown the boxes; whether each single dispatch is allowed is decided in the act."""
    return user.has_role(Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


def _closed_to(sort: str, filters: Filters) -> bool:
    return filters.view.key == "all" and ORDERS[sort].open_only


def _names(filters: Filters, teams: list[Team]) -> dict[str, str]:
    person = User.objects.filter(pk=filters.assignee).first() if filters.assignee else None
    return {
        "category": Category.objects.names([filters.category]).get(
            filters.category, filters.category
        ),
        "team": next((t.name for t in teams if t.pk == filters.team), ""),
        "assignee": person.name if person else "",
    }


@login_required
@require_GET
def counts(request: HuiyinRequest) -> HttpResponse:
    """The numbers beside the views, for pages that are open."""
    found = lists.counts(request.user, moment.now())
    return JsonResponse({key: lists.shown_count(count) for key, count in found.items()})


@login_required
@require_POST
def assignments(request: HuiyinRequest) -> HttpResponse:
    """Dispatch a selection. Each is an act of its own: what is refused does not stop the rest."""
    numbers = request.POST.getlist("number")[:200]
    visible = Complaint.objects.visible_to(request.user)
    team = get_object_or_404(Team, pk=request.POST.get("team") or 0, retired_at=None)
    to = None
    if request.POST.get("to"):
        to = get_object_or_404(User.objects.active().filter(teams=team), pk=request.POST["to"])
    outcome = [
        _dispatched(complaint, request.user, team, to)
        for complaint in visible.filter(number__in=numbers).select_related("team", "assignee")
    ]
    refusals = [sentence for sentence in outcome if sentence]
    done = len(outcome) - len(refusals)
    sentence = _("已派单 %(done)s 件") % {"done": done}
    if refusals:
        sentence += _("；%(count)s 件未派：%(first)s") % {
            "count": len(refusals),
            "first": refusals[0],
        }
    return changed(sentence, also={"queue-changed": True})


def _dispatched(complaint: Complaint, by: User, team: Team, to: User | None) -> str:
    """Empty when it went well; else why not. The one place where a page collects refusals."""
    return routing.tried(routing.dispatch, complaint, by=by, team=team, to=to)


@login_required
@require_GET
def complaint(request: HuiyinRequest, number: str) -> HttpResponse:
    """Everything about one complaint on one screen."""
    found = _seen(request, number)
    entries, earlier = story(found)
    context = _header(request, found) | {
        "entries": entries,
        "earlier": earlier,
        "panels": [
            (panel, context)
            for panel in panels.PANELS
            if (context := panel.context(request, found)) is not None
        ],
        "may_reply": can_reply(request.user, found),
        "may_note": can_note(request.user, found),
        "may_take_down": can_take_down(request.user, found),
        "channels": Channel.choices,
        "sealed": found.status == Status.ARC,
    }
    return render(request, "workbench/complaint.html", context)


def _seen(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    related = visible.select_related("customer", "team", "assignee", "received_by")
    return get_object_or_404(related.prefetch_related("customer__contact_points"), number=number)


def _header(request: HuiyinRequest, found: Complaint) -> dict[str, Any]:
    return {
        "complaint": found,
        "steps": [(label, _step(at, found)) for at, label in enumerate(STEPS)],
        "category": Category.objects.names([found.category]).get(found.category, ""),
        "mine": found.assignee_id == request.user.pk,
    }


def _step(at: int, found: Complaint) -> str:
    if at < found.step:
        return "done"
    return "now" if at == found.step else "ahead"


@login_required
@require_GET
def header(request: HuiyinRequest, number: str) -> HttpResponse:
    return render(request, "workbench/header.html", _header(request, _seen(request, number)))


@login_required
@require_GET
def story_part(request: HuiyinRequest, number: str) -> HttpResponse:
    """The story anew, or what came before a given entry."""
    found = _seen(request, number)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 18 else None
    entries, earlier = story(found, before=before)
    context = {"complaint": found, "entries": entries, "earlier": earlier}
    return render(request, "workbench/story.html", context)


@login_required
@require_GET
def panel(request: HuiyinRequest, number: str, name: str) -> HttpResponse:
    """One panel, refreshed."""
    found = _seen(request, number)
    wanted = panels.BY_NAME.get(name)
    context = wanted.context(request, found) if wanted else None
    if wanted is None or context is None:
        return HttpResponse(status=204)
    return render(request, wanted.template, {"complaint": found, **context})


@login_required
@require_GET
def palette(request: HuiyinRequest) -> HttpResponse:
    """Commands, and complaints that match what is typed."""
    q = request.GET.get("q", "").strip()[:60]
    found: list[Complaint] = []
    if len(q) > 1:
        visible = Complaint.objects.visible_to(request.user).search(q)
        found = list(visible.for_list().order_by("-received_at", "-pk")[:8])
    commands = [
        (_("受理登记"), "clipboard-pen", reverse("workbench:registration")),
        *(
            (view.title, view.icon, f"{reverse('workbench:queue')}?view={view.key}")
            for view in VIEWS
        ),
        (_("督办看板"), "layout-dashboard", "/board/"),
        (_("管理"), "settings", "/console/"),
        (_("我的资料"), "user-round", "/me/"),
    ]
    commands = [c for c in commands if q.lower() in str(c[0]).lower()]
    return render(request, "workbench/palette.html", {"found": found, "commands": commands, "q": q})
