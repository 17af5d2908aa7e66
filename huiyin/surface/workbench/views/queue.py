"""The queue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.people.views import local_path
from huiyin.ground.people.words import Role
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat import lists as chats
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Channel, Severity, Status
from huiyin.journey.cooperation.models import Task
from huiyin.journey.intake.permissions import can_register
from huiyin.journey.routing import actions as routing
from huiyin.journey.routing.permissions import HANDLERS
from huiyin.journey.triage.models import Category
from huiyin.journey.triage.words import Risk
from huiyin.surface.desk.lists import badge
from huiyin.surface.exchange.permissions import can_export
from huiyin.surface.inbox.lists import total
from huiyin.surface.workbench import actions, lists
from huiyin.surface.workbench.forms import teams_to_share_with
from huiyin.surface.workbench.lists import ORDERS, VIEWS, Due, Filters
from huiyin.surface.workbench.models import ListColumns, Look, OwnView

MOST_AT_ONCE = 200
# The first line that fits a person's roles; agents and all others begin at their own queue.
HOMES = (
    (HANDLERS, "workbench:queue"),
    ((Role.VISITOR,), "/queue/?view=visit"),
    ((Role.SUPERVISION,), "oversight:board"),
    ((Role.DEPT_HANDLER, Role.DEPT_HEAD), "desk:list"),
    ((Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR), "console:index"),
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everybody to where his work lies; strangers to the portal."""
    user = request.user
    if not isinstance(user, User):
        return redirect("portal:start")
    for roles, place in HOMES:
        if user.has_role(*roles):
            return redirect(place)
    return redirect("workbench:queue")


@login_required
@require_GET
def queue(request: HuiyinRequest) -> HttpResponse:
    """The list: whole at first, its rows alone when the page asks for more or for news."""
    filters = Filters.read(request.GET)
    found = filters.pick(request.user, moment.now())
    columns = columns_of(request.user)
    beside = [column.beside for column in columns if column.beside]
    rows, after = lists.page(found, filters.sort, request.GET.get("after", ""), beside=beside)
    context: dict[str, Any] = {
        "rows": rows,
        "unread": Look.objects.unread(request.user, rows),
        "late_tasks": Task.objects.late_among(rows, moment.now()),
        "timing": Clock.objects.timing(rows),
        "filters": filters,
        "query": urlencode(filters.query()),
        "after": after,
        "categories": Category.objects.names([row.category for row in rows]),
        "may_assign": may_assign_many(request.user),
        "may_register": can_register(request.user, None),
        "columns": columns,
        "column_keys": [column.key for column in columns],
    }
    if request.GET.get("after"):
        return render(request, "workbench/rows.html", context)
    if request.htmx:
        return render(request, "workbench/list.html", context | _narrowed(filters))
    return render(request, "workbench/queue.html", context | _around(request, filters))


def may_assign_many(user: User) -> bool:
    """Who is shown the boxes; whether each single dispatch is allowed is decided in the act."""
    return user.has_role(Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)


def columns_of(user: User) -> list[lists.Column]:
    """The columns this person wants to see."""
    kept = ListColumns.objects.filter(user=user).values_list("shown", flat=True).first()
    return lists.chosen(kept)


@login_required
@require_POST
def columns(request: HuiyinRequest) -> HttpResponse:
    """Keep the columns that were chosen; back to the list one came from."""
    shown = None if request.POST.get("usual") else request.POST.getlist("column")
    actions.keep_columns(request.user, shown)
    messages.success(request, _("列已保存"))
    return redirect(local_path(request.POST.get("next", "")))


def _narrowed(filters: Filters) -> dict[str, Any]:
    return {"narrowed": bool(set(filters.query()) - {"view", "sort"})}


def _around(request: HuiyinRequest, filters: Filters) -> dict[str, Any]:
    """What stands around the rows: views, conditions, and what can be chosen."""
    teams = list(Team.objects.filter(retired_at=None))
    query = filters.query()
    own = list(OwnView.objects.shown_to(request.user))
    handlers = User.objects.active().with_role(*HANDLERS).prefetch_related("memberships")
    return _narrowed(filters) | {
        "views": VIEWS,
        "own_views": [(view, urlencode(view.query), view.query == query) for view in own],
        "on_own": any(view.query == query for view in own),
        "orders": [
            (key, order.title)
            for key, order in ORDERS.items()
            if not (filters.view.key == "all" and order.open_only)
        ],
        "chips": [
            (sentence, urlencode({k: v for k, v in query.items() if k != name}))
            for name, sentence in lists.chips(filters, _names(filters, teams))
        ],
        "teams": teams,
        "handlers": handlers if may_assign_many(request.user) else [],
        "people": User.objects.active().filter(teams__in=request.user.team_ids).distinct(),
        "severities": Severity.choices,
        "statuses": Status.choices,
        "channels": Channel.choices,
        "risks": Risk.choices,
        "dues": Due.choices,
        "main_categories": Category.objects.main(),
        "may_export": can_export(request.user, None),
        "may_share": teams_to_share_with(request.user, teams),
        "every_column": lists.COLUMNS,
    }


def _names(filters: Filters, teams: list[Team]) -> dict[str, str]:
    person = User.objects.filter(pk=filters.assignee).first() if filters.assignee else None
    names = Category.objects.names([filters.category])
    return {
        "category": names.get(filters.category, filters.category),
        "team": next((team.name for team in teams if team.pk == filters.team), "?"),
        "assignee": person.name if person else "?",
    }


@login_required
@require_GET
def counts(request: HuiyinRequest) -> HttpResponse:
    """The numbers beside the views, for pages that are open."""
    found = {"inbox": total(request.user), **badge(request.user)}
    found |= lists.counts(request.user, moment.now())
    found["chats"] = chats.asking(request.user)
    return JsonResponse({key: lists.shown_count(count) for key, count in found.items()})


@login_required
@require_POST
def assignments(request: HuiyinRequest) -> HttpResponse:
    """Dispatch a selection. Each is an act of its own: what is refused does not stop the rest."""
    numbers = request.POST.getlist("number")[:MOST_AT_ONCE]
    team_id, to_id = request.POST.get("team", ""), request.POST.get("to", "")
    team = get_object_or_404(Team, pk=team_id if team_id.isdecimal() else 0, retired_at=None)
    to = None
    if to_id:
        members = User.objects.active().filter(teams=team)
        to = get_object_or_404(members, pk=to_id if to_id.isdecimal() else 0)
    visible = Complaint.objects.visible_to(request.user).select_related("team", "assignee")
    found = {one.number: one for one in visible.filter(number__in=numbers)}
    return JsonResponse(
        {
            "results": [
                _dispatched(number, found.get(number), request.user, team, to)
                for number in dict.fromkeys(numbers)
            ]
        }
    )


def _dispatched(
    number: str, complaint: Complaint | None, by: User, team: Team, to: User | None
) -> dict[str, Any]:
    """How it went with one of them. The one place where a page collects refusals."""
    if complaint is None:
        return {"number": number, "done": False, "sentence": _("没有找到，或者您无权查看")}
    refusal = routing.tried(routing.dispatch, complaint, by=by, team=team, to=to)
    to_whom = complaint.assignee.name if complaint.assignee else team.name
    return {
        "number": number,
        "subject": complaint.subject,
        "done": not refusal,
        "sentence": refusal or _("已派给 %(name)s") % {"name": to_whom},
    }


@login_required
@require_POST
def returns(request: HuiyinRequest) -> HttpResponse:
    """Return a selection, each an act of its own, with one reason."""
    numbers = list(dict.fromkeys(request.POST.getlist("number")[:MOST_AT_ONCE]))
    visible = Complaint.objects.visible_to(request.user).select_related("team", "assignee")
    found = {one.number: one for one in visible.filter(number__in=numbers)}
    reason = request.POST.get("reason", "")
    results = [_returned(number, found.get(number), request.user, reason) for number in numbers]
    return JsonResponse({"results": results})


def _returned(number: str, complaint: Complaint | None, by: User, reason: str) -> dict[str, Any]:
    if complaint is None:
        return {"number": number, "done": False, "sentence": _("没有找到，或者您无权查看")}
    refusal = routing.tried(routing.give_back, complaint, by=by, reason=reason)
    return {
        "number": number,
        "subject": complaint.subject,
        "done": not refusal,
        "sentence": refusal or _("已退回"),
    }
