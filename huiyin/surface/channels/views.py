"""The page of channels, the try of each, and what was found before."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.permissions import can_see_channels, can_try_channels
from huiyin.surface.channels import actions, lists


@login_required
@require_GET
def page(request: HuiyinRequest) -> HttpResponse:
    """Every channel with its last success, what waits, what failed; each figure opens its rows."""
    can_see_channels.require(request.user, None)
    q, state = request.GET.get("q", "")[:80], request.GET.get("state", "")
    found = lists.rows(request.user)
    shown = lists.narrowed(found, q=q, state=state)
    states = [
        ("bad", _("有故障")),
        ("warn", _("要留意")),
        ("good", _("正常")),
        ("off", _("已停用")),
    ]
    tried = lists.last_trials(one.key for one in shown)
    groups = [
        (value, label, [(one, tried.get(one.key)) for one in shown if one.state == value])
        for value, label in states
    ]
    context = {
        "groups": [group for group in groups if group[2]],
        "bad": sum(one.state == "bad" for one in found),
        "asked": {"q": q, "state": state},
        "states": states,
    }
    return render(request, "channels/page.html", context)


@login_required
@require_POST
def test(request: HuiyinRequest, key: str) -> HttpResponse:
    """Try it now; the sentence, and beside it how the row is since."""
    can_try_channels.require(request.user, None)
    trial = actions.try_out(lists.row_of(request.user, key), by=request.user)
    context = {"trial": trial, "one": lists.row_of(request.user, key)}
    return render(request, "channels/tried.html", context)


@login_required
@require_GET
def trials(request: HuiyinRequest) -> HttpResponse:
    """Who tried what, and what was found; rows alone when the page asks for more."""
    can_see_channels.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.trials(asked)
    kept = {"q": asked.q, "key": asked.key, "found": asked.found}
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "outcomes": [("well", _("正常")), ("bad", _("有故障"))],
        "query": urlencode({name: value for name, value in kept.items() if value}),
    }
    part = asked.before and request.htmx
    return render(request, f"channels/trial{'_rows' if part else 's'}.html", context)
