"""The page of channels."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.permissions import can_see_channels
from huiyin.surface.channels import lists


@login_required
@require_GET
def page(request: HuiyinRequest) -> HttpResponse:
    """Every channel with its last success, what waits, what failed; each figure opens its rows."""
    can_see_channels.require(request.user, None)
    q, state = request.GET.get("q", "")[:80], request.GET.get("state", "")
    found = lists.rows(request.user)
    states = [
        ("bad", _("有故障")),
        ("warn", _("要留意")),
        ("good", _("正常")),
        ("off", _("已停用")),
    ]
    context = {
        "rows": lists.narrowed(found, q=q, state=state),
        "total": len(found),
        "bad": sum(one.state == "bad" for one in found),
        "asked": {"q": q, "state": state},
        "states": states,
    }
    return render(request, "channels/page.html", context)
