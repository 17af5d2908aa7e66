"""The inbox: one list, each row opened and decided where it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.journey.routing.actions import tried
from huiyin.surface.inbox import lists
from huiyin.surface.inbox.kinds import BY_KEY, KINDS, Kind

MOST_AT_ONCE = 100


@login_required
@require_GET
def inbox(request: HuiyinRequest) -> HttpResponse:
    """What waits for this person; its rows alone when the page asks for more or for news."""
    template = "inbox/rows.html" if request.GET.get("after") else "inbox/inside.html"
    if not request.htmx:
        template = "inbox/inbox.html"
    return render(request, template, _listed(request))


def _listed(request: HuiyinRequest) -> dict[str, Any]:
    key = request.GET.get("kind", "")
    key = key if key in BY_KEY else ""
    q = request.GET.get("q", "").replace("\x00", "").strip()[: lists.LONGEST_Q]
    items, after = lists.page(request.user, key=key, q=q, cursor=request.GET.get("after", ""))
    asked = {name: value for name, value in (("kind", key), ("q", q)) if value}
    counts = {} if request.GET.get("after") else lists.counts(request.user)
    return {
        "items": items,
        "after": after,
        "query": urlencode(asked),
        "key": key,
        "q": q,
        "kinds": [
            (kind, counts.get(kind.key, 0))
            for kind in KINDS
            if counts.get(kind.key) or kind.key == key
        ],
        "total": sum(counts.values()),
    }


@login_required
@require_http_methods(["GET", "POST"])
def one(request: HuiyinRequest, key: str, pk: int) -> HttpResponse:
    """One of them in full, where letters and notices lead; only POST decides."""
    kind = BY_KEY.get(key)
    if kind is None:
        raise Http404
    row = get_object_or_404(kind.seen(request.user), pk=pk)
    if request.method == "POST":
        return _decided(request, kind, row)
    context = {"item": kind.tell(row), "form": kind.form, **kind.detail(row, request.user)}
    template = "inbox/detail.html" if request.htmx else "inbox/one.html"
    return render(request, template, context)


def _decided(request: HuiyinRequest, kind: Kind, row: Any) -> HttpResponse:
    item = kind.tell(row)  # before: whoever decided may not see the complaint any more
    sentence = kind.decide(row, request.user, request.POST)
    lists.forget(request.user)
    if not request.htmx:
        messages.success(request, f"{item.number} {sentence}")
        return redirect("inbox:inbox")
    answer = changed(sentence, also={"inbox-decided": True})
    answer.status_code = 200
    answer.content = render(
        request, "inbox/decided.html", {"item": item, "sentence": sentence}
    ).content
    return answer


@login_required
@require_POST
def selected(request: HuiyinRequest) -> HttpResponse:
    """Grant a selection of what may be granted without looking at each; each is its own act."""
    outcomes = [_granted(request, mark) for mark in dict.fromkeys(request.POST.getlist("item"))][
        :MOST_AT_ONCE
    ]
    lists.forget(request.user)
    done = sum(not refusal for _number, refusal in outcomes)
    refused = [f"{number}：{refusal}" for number, refusal in outcomes if refusal]
    said = ngettext("已批准 %(n)d 项", "已批准 %(n)d 项", done) % {"n": done}
    level = messages.WARNING if refused else messages.SUCCESS
    messages.add_message(request, level, "；".join([said, *refused[:5]]))
    return redirect("inbox:inbox")


def _granted(request: HuiyinRequest, mark: str) -> tuple[str, str]:
    """(the complaint's number, why it was refused or "") of one of the selection."""
    key, _dot, pk = mark.partition(":")
    kind = BY_KEY.get(key)
    if kind is None or kind.many is None or not (pk.isascii() and pk.isdecimal()):
        raise Http404
    row = kind.seen(request.user).filter(pk=min(int(pk), 2**63 - 1)).first()
    if row is None:
        return mark, _("没有找到，或者您无权查看")
    return kind.tell(row).number, tried(kind.many, row, request.user)
