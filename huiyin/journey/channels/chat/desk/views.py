"""The desk, what is new at it, one chat, all chats."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.chat import lists
from huiyin.journey.channels.chat.actions.seating import MOST, heard
from huiyin.journey.channels.chat.desk import shown
from huiyin.journey.channels.chat.models import Chat, ChatFile
from huiyin.journey.channels.chat.permissions import can_sit


def number(text: str) -> int:
    """A typed number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def seen(request: HuiyinRequest, pk: int) -> Chat:
    """The chat, if the caller may look at it; 404 otherwise."""
    return get_object_or_404(Chat.objects.visible_to(request.user).with_all(), pk=pk)


@never_cache
@login_required
@require_GET
def desk(request: HuiyinRequest) -> HttpResponse:
    """List, conversation, context. `?chat=` opens one at once."""
    can_sit.require(request.user, None)
    heard(request.user)
    context = _list(request)
    if pk := number(request.GET.get("chat", "")):
        context |= _conversation(request, seen(request, pk))
    return render(request, "chat/desk.html", context)


def _list(request: HuiyinRequest) -> dict[str, Any]:
    found = shown.desk_of(request.user)
    seat, figures = lists.seat_of(request.user), lists.figures(request.user)
    return {
        "desk": found,
        "seat": seat,
        "figures": figures,
        "version": shown.version_of(found, seat, figures),
        "day": lists.today(moment.now()).date().isoformat(),
        "mosts": range(1, MOST + 1),
    }


def _conversation(request: HuiyinRequest, found: Chat) -> dict[str, Any]:
    shown.marked(found)
    lines = shown.lines_of(found)
    return {
        "chat": found,
        "lines": lines,
        "last": lines[-1].pk if lines else 0,
        "may": shown.may(request.user, found),
        "mine": found.agent_id == request.user.pk,
        "is_gone": found.is_gone,  # type: ignore[attr-defined]
        "context_version": shown.context_version(found),
    }


@never_cache
@login_required
@require_GET
def pulse(request: HuiyinRequest) -> HttpResponse:
    """What has changed since this page asked last: the list when it would look otherwise, new
    lines and marks of the chat that is open."""
    can_sit.require(request.user, None)
    heard(request.user)
    context = _list(request)
    found = context["desk"]
    asking = len(found.waiting) + sum(1 for one in found.own if one.unread)  # type: ignore[attr-defined]
    news: dict[str, Any] = {"unread": found.unread, "asking": asking}
    if context["version"] != request.GET.get("list", ""):
        news["list"] = render_to_string("chat/desk_list.html", context, request)
    if pk := number(request.GET.get("chat", "")):
        news["chat"] = _news(request, pk, number(request.GET.get("after", "")))
    return JsonResponse(news)


def _news(request: HuiyinRequest, pk: int, after: int) -> dict[str, Any] | None:
    found = Chat.objects.visible_to(request.user).with_all().filter(pk=pk).first()
    if found is None:
        return {"state": "gone", "why": shown.where_it_went(request.user, pk)}
    lines = shown.lines_of(found, after) if found.last_line > after else []
    shown.marked(found)
    return {
        "state": found.state,
        "holder": str(found.agent_id or ""),
        "lines": render_to_string("chat/desk_lines.html", {"lines": lines}) if lines else "",
        "last": lines[-1].pk if lines else after,
        "visitor_read": found.visitor_seen,
        "gone": found.is_gone,  # type: ignore[attr-defined]
        "answered": found.answered_at is not None,
        "context": shown.context_version(found),
    }


@never_cache
@login_required
@require_GET
def chat(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The conversation; the whole desk with it for who comes by a link."""
    can_sit.require(request.user, None)
    context = _conversation(request, seen(request, pk))
    if request.htmx:
        return render(request, "chat/desk_chat.html", context)
    heard(request.user)
    context |= _list(request)
    return render(request, "chat/desk.html", context)


@never_cache
@login_required
@require_GET
def context(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What stands beside it: the page he is on, his answers, who he is, what was before."""
    can_sit.require(request.user, None)
    found = seen(request, pk)
    beside = shown.beside(request.user, found)
    beside["may"] = shown.may(request.user, found)
    return render(request, "chat/desk_context.html", beside)


@never_cache
@login_required
@require_GET
def every(request: HuiyinRequest) -> HttpResponse:
    """All chats that one may see, the newest first; the rows alone when the page asks for more."""
    can_sit.require(request.user, None)
    asked = lists.read(request.GET.dict())
    rows, more = lists.page(asked, request.user)
    context = {
        "rows": [shown.marked(one) for one in rows],
        "more": more,
        "asked": asked,
        "states": lists.STATES,
        "outcomes": lists.OUTCOMES,
        "ratings": range(5, 0, -1),
        "query": urlencode(asked.kept),
    }
    if asked.before and request.htmx:
        return render(request, "chat/all_rows.html", context)
    return render(request, "chat/all.html", context | lists.choices(request.user))


@login_required
@require_GET
def staff_file(request: HuiyinRequest, uuid: UUID) -> HttpResponseBase:
    """A file of a chat, to whoever may look at the chat. Pictures may stand in the page; whatever
    else comes as an attachment, in a sandbox."""
    visible = Chat.objects.visible_to(request.user)
    found = get_object_or_404(ChatFile.objects.filter(chat__in=visible), uuid=uuid)
    inline = request.GET.get("inline") == "1" and found.media_type in shown.PICTURES
    answer = FileResponse(
        (Path(settings.EVIDENCE_DIR) / found.path).open("rb"),
        as_attachment=not inline,
        filename=found.name,
        content_type=found.media_type,
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
