"""The visitor's side: begin, lines, files, marks, end. Everything but `begin` needs his token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import client_address
from huiyin.journey.channels.chat import actions, limits, rules, shown
from huiyin.journey.channels.chat.actions import Asked
from huiyin.journey.channels.chat.actions.identifying import prefilled
from huiyin.journey.channels.chat.door import (
    body_of,
    chat_of,
    client_in,
    door,
    language_of,
    number_in,
    text_in,
    token_of,
    told,
)
from huiyin.journey.channels.chat.models import Chat, ChatFile, Site
from huiyin.journey.channels.chat.streaming import visitor_events
from huiyin.journey.channels.chat.views.serving import served


def _asked(request: HttpRequest, sent: dict[str, Any]) -> Asked:
    answers = sent.get("answers", {})
    if not isinstance(answers, dict) or len(answers) > 50:
        raise Invalid(_("内容无法读取，请刷新页面后重试"))
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin", "")
    return Asked(
        answers={str(key)[:20]: str(value) for key, value in answers.items()},
        text=text_in(sent, "text"),
        client=client_in(sent.get("client")),
        page_url=text_in(sent, "page_url"),
        page_title=text_in(sent, "page_title"),
        language=language_of(request),
        privacy_version=text_in(sent, "privacy_version"),
        origin=origin,
        at_home=bool(origin) and origin == own,
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
        identity=sent.get("identity"),
    )


@door("POST")
def known(request: HttpRequest, site: Site) -> HttpResponseBase:
    """{identity}: whether the site has signed who is signed in there, and what of the form it
    answers. Whatever is wrong with it, the form is simply asked."""
    limits.count("known", client_address(request))
    signed, answers = prefilled(site, body_of(request).get("identity"))
    return told({"verified": signed, "answers": answers})


@door("POST")
def begin(request: HttpRequest, site: Site) -> HttpResponseBase:
    """201 once he stands in the queue; 200 when the same token stood there before."""
    limits.count("begin", client_address(request))
    begun = actions.begin(site, token=token_of(request), asked=_asked(request, body_of(request)))
    return told(_all_of(begun.chat, 0), 200 if begun.was_there else 201)


@door("POST")
def message(request: HttpRequest, site: Site) -> HttpResponseBase:
    """Words left while nobody is there: a complaint, its number and the code that opens it."""
    limits.count("message", client_address(request))
    asked = _asked(request, body_of(request))
    complaint = actions.leave_message(site, token=token_of(request), asked=asked)
    return told({"number": complaint.number, "code": shown.code_of(complaint)}, 201)


def _all_of(chat: Chat, since: int) -> dict[str, Any]:
    """State and lines since; `ahead` only while he waits."""
    return {
        **shown.state(chat),
        "ahead": actions.place_of(chat),
        "lines": shown.lines_for_visitor(chat, since),
    }


@door("GET", "POST")
def lines(request: HttpRequest, site: Site) -> HttpResponseBase:
    """GET ?since=: what he has not got. POST {text, client, file}: what he says; told when it is
    on the disk, and the same `client` again is the same line."""
    chat = chat_of(request, site)
    if request.method == "GET":
        limits.count("read", chat.pk)
        actions.here(chat)
        return told(_all_of(chat, number_in(request.GET.get("since"))))
    limits.count("say", chat.pk)
    sent = body_of(request)
    file = _file_in(chat, sent)
    line = actions.say(
        chat, text=text_in(sent, "text"), client=client_in(sent.get("client")), file=file
    )
    return told(shown.of_visitor(shown.line(line)), 201)


def _file_in(chat: Chat, sent: dict[str, Any]) -> ChatFile | None:
    if not sent.get("file"):
        return None
    file = chat.files.filter(uuid=client_in(sent["file"]), by=None).first()
    if file is None:
        raise Invalid(_("这个文件不属于这次会话，或已经发过，请重新上传"))
    return file


@door("POST", largest=rules.LARGEST_FILE + 64 * 1024)
def files(request: HttpRequest, site: Site) -> HttpResponseBase:
    """Multipart: file, client. It is said with its id, by POST lines."""
    chat = chat_of(request, site)
    limits.count("file", chat.pk)
    if (upload := request.FILES.get("file")) is None:
        raise Invalid(_("请选择文件"))
    file = actions.put_file(chat, upload=upload, client=client_in(request.POST.get("client")))
    return told({"id": str(file.uuid), "name": file.name, "size": file.size}, 201)


@door("GET")
def file(request: HttpRequest, site: Site, uuid: UUID) -> HttpResponseBase:
    """Of this chat, and said; always as a download."""
    chat = chat_of(request, site)
    limits.count("read", chat.pk)
    return served(get_object_or_404(chat.files.exclude(line=None), uuid=uuid))


@door("POST")
def seen(request: HttpRequest, site: Site) -> HttpResponseBase:
    chat = chat_of(request, site)
    limits.count("sign", chat.pk)
    actions.seen(chat, line=number_in(body_of(request).get("line")))
    return HttpResponse(status=204)


@door("POST")
def typing(request: HttpRequest, site: Site) -> HttpResponseBase:
    chat = chat_of(request, site)
    limits.count("sign", chat.pk)
    actions.typing(chat)
    return HttpResponse(status=204)


@door("POST")
def page(request: HttpRequest, site: Site) -> HttpResponseBase:
    """{url, title}: the page he is on; only what is of the asking origin counts."""
    chat = chat_of(request, site)
    limits.count("sign", chat.pk)
    sent = body_of(request)
    origin = request.headers.get("Origin", "")
    if origin:
        actions.went(chat, url=text_in(sent, "url"), title=text_in(sent, "title"), origin=origin)
    return HttpResponse(status=204)


@door("POST")
def end(request: HttpRequest, site: Site) -> HttpResponseBase:
    """What nobody has answered becomes a complaint, whose number is told."""
    chat = chat_of(request, site)
    if chat.is_live:
        actions.end_by_visitor(chat)
    return told(_all_of(chat, 0))


@door("POST")
def rating(request: HttpRequest, site: Site) -> HttpResponseBase:
    chat = chat_of(request, site)
    limits.count("sign", chat.pk)
    sent = body_of(request)
    actions.rate(chat, stars=number_in(sent.get("stars")), words=text_in(sent, "words"))
    return HttpResponse(status=204)


@door("POST")
def copy(request: HttpRequest, site: Site) -> HttpResponseBase:
    """A copy of what was said to the address that he gave."""
    chat = chat_of(request, site)
    limits.count("copy", chat.pk)
    limits.count("copy", client_address(request))
    actions.send_copy(chat, email=text_in(body_of(request), "email"))
    return HttpResponse(status=204)


@door("GET")
def live(request: HttpRequest, site: Site) -> HttpResponseBase:
    """Server-sent events, read by fetch, so that the token stands in a header. `since`: the last
    line he has; what came after it comes first."""
    chat = chat_of(request, site)
    actions.here(chat)
    since = min(
        number_in(request.headers.get("Last-Event-ID") or request.GET.get("since")), chat.last_line
    )
    answer = StreamingHttpResponse(visitor_events(chat.pk, since), content_type="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
