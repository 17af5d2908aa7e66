"""Where outside systems tell us something. A signature opens it, never a session."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.web.api import problem
from huiyin.ground.web.http import HuiyinRequest
from huiyin.ground.webhooks.views import guesses_on
from huiyin.journey.channels.hooks import actions, lists
from huiyin.journey.channels.hooks.connector import Request
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.permissions import can_read_raw, can_see_arrivals


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def come(request: HttpRequest, code: str) -> HttpResponse:
    """/hooks/in/<code>/: 200 only after what came is on the disk; refused ones get a problem."""
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()):
        return problem(400, _("内容长度写错了"))
    if len(length) > 9 or int(length) > actions.LARGEST:
        return problem(413, _("内容太大"))
    told = Request(
        method=request.method or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=request.read(actions.LARGEST + 1),  # sent in pieces it names no length beforehand
    )
    if len(told.body) > actions.LARGEST:
        return problem(413, _("内容太大"))
    status, words, verified = actions.received(code, told)
    if verified is None:
        if status == 403 and guesses_on(request, f"in:{code}"):
            return problem(429, _("尝试次数太多，请一小时后再试"))
        return problem(status, words)
    return HttpResponse(verified.answer, content_type=verified.answer_type)


@login_required
@require_GET
def arrivals(request: HuiyinRequest) -> HttpResponse:
    """What came in, the newest first; its rows alone when the page asks for more."""
    can_see_arrivals.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "states": lists.STATES,
        "hooks": Hook.objects.only("name"),
        "may_read": can_read_raw(request.user, None),
        "query": urlencode(asked.query()),
    }
    part = asked.before and request.htmx
    return render(request, "hooks/rows.html" if part else "hooks/arrivals.html", context)


def _seen(request: HuiyinRequest, pk: int) -> Arrival:
    can_see_arrivals.require(request.user, None)
    return get_object_or_404(Arrival.objects.select_related("hook", "complaint"), pk=pk)


@login_required
@require_POST
def again(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.take_again(_seen(request, pk), by=request.user)
    messages.success(request, _("已放回待处理，几秒后刷新查看结果"))
    return redirect("hooks:arrivals")


@never_cache
@login_required
@require_POST
def raw(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The body as it came, and opened where it is sealed, with a reason that is kept."""
    arrival = _seen(request, pk)
    found = actions.read_raw(arrival, by=request.user, reason=request.POST.get("reason", ""))
    return render(request, "hooks/raw.html", {"arrival": arrival, "original": found})
