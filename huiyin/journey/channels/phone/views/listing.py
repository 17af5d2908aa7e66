"""Calls as a list, and one call with everything told of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.phone import actions, lists, shown
from huiyin.journey.channels.phone.models import limits
from huiyin.journey.channels.phone.permissions import can_see_calls, can_work
from huiyin.journey.channels.phone.views.bar import again, seen
from huiyin.journey.channels.phone.words import Direction


@login_required
@require_GET
def calls(request: HuiyinRequest) -> HttpResponse:
    """The list; its rows alone when the page asks for more."""
    can_see_calls.require(request.user, None)
    asked = lists.Asked.read(request.GET.dict())
    rows, more = lists.page(request.user, asked)
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "now": moment.now(),
        "query": urlencode(asked.query()),
        "views": lists.VIEWS,
        "whose": lists.WHOSE,
        "directions": Direction.choices,
    }
    template = "phone/rows.html" if asked.before and request.htmx else "phone/calls.html"
    return render(request, template, context)


@never_cache
@login_required
@require_GET
def one(request: HuiyinRequest, pk: int) -> HttpResponse:
    call = seen(request, pk)
    lists.hide_unseen(request.user, [call])
    acts = list(call.acts.select_related("by", "to", "rung"))
    context = {
        "call": call,
        "events": list(call.events.order_by("at", "pk")[:200]),
        "acts": acts,
        "recordings": list(call.recordings.all()),
        "may_work": can_work(request.user, call),
        "may_dial": bool(call.hook.options.get("dial_url")),
        "history": shown.history(call, request.user),
        "slots": shown.slots(moment.now()),
        "limits": limits(),
        "now": moment.now(),
    }
    return render(request, "phone/one.html", context)


@login_required
@require_POST
def fetching(request: HuiyinRequest, pk: int, recording: int) -> HttpResponse:
    call = seen(request, pk)
    can_work.require(request.user, call)
    if not actions.fetch_again(get_object_or_404(call.recordings, pk=recording)):
        raise Refused(_("这份录音不需要重新取回"))
    return again(_("已放回待取回"))
