"""Making and revoking wall screens, and the screen itself, which nobody signs in to."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Team, hashed
from huiyin.ground.refusal import TooMany
from huiyin.ground.web.http import HuiyinRequest, client_address
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.surface.oversight import actions
from huiyin.surface.oversight.models import Wall
from huiyin.surface.oversight.permissions import can_make_wall
from huiyin.surface.oversight.wall import (
    DAYS,
    MISSES_A_MINUTE,
    MOST_A_MINUTE,
    Shown,
    shown,
    team_names,
    too_often,
)

OPEN_STEPS = 8  # what lies behind them is done
BARS_SHOWN = 7
EARLIER = 20
TOKEN_LENGTH = 43  # of 256 bits in base 64


# --- making and revoking ---------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def walls(request: HuiyinRequest) -> HttpResponse:
    """The screens there are, and a new one, whose address is shown this once."""
    can_make_wall.require(request.user, None)
    made, address = None, ""
    if request.method == "POST":
        made, token = _opened(request)
        address = settings.BASE_URL + reverse("oversight:wall", args=(token,))
    now = moment.now()
    open_ones = Wall.objects.alive(now).select_related("team", "by")
    context = {
        "made": made,
        "address": address,
        "walls": open_ones,
        "earlier": Wall.objects.exclude(pk__in=open_ones.values("pk")).select_related(
            "team", "by", "revoked_by"
        )[:EARLIER],
        "teams": Team.objects.filter(retired_at=None),
        "days": actions.DAYS,
        "now": now,
    }
    return render(request, "oversight/walls.html", context)


def _opened(request: HuiyinRequest) -> tuple[Wall, str]:
    code, days = request.POST.get("team", ""), request.POST.get("days", "")
    team = get_object_or_404(Team, code=code, retired_at=None) if code else None
    return actions.open_wall(
        by=request.user,
        name=request.POST.get("name", ""),
        team=team,
        days=int(days) if days.isascii() and days.isdecimal() and len(days) < 5 else 0,
    )


@login_required
@require_POST
def closing(request: HuiyinRequest, pk: int) -> HttpResponse:
    can_make_wall.require(request.user, None)
    actions.close_wall(get_object_or_404(Wall, pk=pk), by=request.user)
    messages.success(request, _("大屏已停用，打开着的屏幕会在一分钟内清空"))
    return redirect("oversight:walls")


# --- the screen ------------------------------------------------------------------------------


@require_GET
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """The page: it asks for its figures by itself, for weeks."""
    this = _found(request, token)
    return _quiet(render(request, "oversight/wall.html", _told(this) | {"version": version()}))


@require_GET
def figures(request: HttpRequest, token: str) -> HttpResponse:
    """Its inside alone. A page that is older than the program is told to load itself anew."""
    this = _found(request, token)
    answer = _quiet(render(request, "oversight/wall_inside.html", _told(this)))
    answer["X-Wall-Version"] = version()
    return answer


def _found(request: HttpRequest, token: str) -> Wall:
    """The wall of this token; for every other one the same 404, and not very often."""
    address = client_address(request)
    if len(token) == TOKEN_LENGTH:
        if too_often(hashed(token), MOST_A_MINUTE):
            raise TooMany(_("打开得太频繁了，请稍等一分钟"))
        this = Wall.of(token, moment.now())
        if this is not None:
            return this
    if too_often(f"miss:{address}", MISSES_A_MINUTE):
        raise TooMany(_("打开得太频繁了，请稍等一分钟"))
    raise Http404


def _quiet(answer: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no other page, into no cache, into no search engine."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@cache
def version() -> str:
    """Changes whenever the screen's own files change."""
    here = Path(__file__).resolve().parent.parent
    files = sorted(here.glob("*/oversight/wall*"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _told(this: Wall) -> dict[str, Any]:
    """The figures in shapes for the page."""
    seen = shown(this)
    names = team_names()
    teams = [(names.get(pk or 0) or _("未派单"), load) for pk, load in seen.teams.items()]
    most = max((load.open for _name, load in teams), default=0) or 1
    late = [load for load in seen.departments if load.open]
    return {
        "wall": this,
        "seen": seen,
        "tiles": tiles(seen),
        "steps": steps(seen),
        "teams": [
            (name, load, _width(load.open, most), _width(load.overdue, most))
            for name, load in teams[:BARS_SHOWN]
        ],
        "departments": late[:BARS_SHOWN],
        "days": days(seen),
        "received_today": seen.month.received[-1],
        "closed_today": seen.month.closed[-1],
        "now": moment.now(),
    }


def tiles(seen: Shown) -> list[dict[str, Any]]:
    """The five figures that can be read from the door."""
    total = seen.total
    tasks = sum(load.late for load in seen.departments)
    return [
        {"name": _("未结"), "count": total.open, "tone": ""},
        {
            "name": _("今日到期"),
            "count": total.due_today,
            "tone": "warn" if total.due_today else "",
        },
        {"name": _("已超时"), "count": total.overdue, "tone": "bad" if total.overdue else "good"},
        {"name": _("部门任务超时"), "count": tasks, "tone": "bad" if tasks else "good"},
        {"name": _("S1 紧急"), "count": total.urgent, "tone": "bad" if total.urgent else "good"},
    ]


def steps(seen: Shown) -> list[dict[str, Any]]:
    open_steps = seen.road[:OPEN_STEPS]
    most = max((step.count for step in open_steps), default=0) or 1
    return [
        {
            "name": STEPS[step.at],
            "count": step.count,
            "height": _width(step.count, most),
            "late": _width(step.late, most),
        }
        for step in open_steps
    ]


def days(seen: Shown) -> list[dict[str, Any]]:
    """Received and closed of two weeks, side by side."""
    received, closed = seen.month.received[-DAYS:], seen.month.closed[-DAYS:]
    most = max([*received, *closed, 1])
    return [
        {
            "x": at * 20,
            "day": day.strftime("%d"),
            "received": _width(came, most),
            "closed": _width(went, most),
        }
        for at, (day, came, went) in enumerate(
            zip(seen.month.days[-DAYS:], received, closed, strict=True)
        )
    ]


def _width(count: int, most: int) -> int:
    """Of a bar, 0 to 100; what is there is seen."""
    return max(2, round(100 * count / most)) if count else 0
