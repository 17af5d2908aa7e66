"""The frame of what a widget asks: origin, token, language, refusals as JSON.

No cookie is read or set, so there is nothing a foreign page could borrow: what opens a chat is the
visitor's own token, in a header that no form can send. Hence no CSRF token is asked for.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.web.api import problem
from huiyin.ground.web.http import client_address
from huiyin.journey.channels.chat import actions, limits, rules
from huiyin.journey.channels.chat.models import Chat, Site
from huiyin.journey.channels.chat.texts import too_large

LARGEST_BODY = 64 * 1024
REMEMBER_SECONDS = "7200"  # a browser need not ask again whether it may ask

More = ParamSpec("More")
View = Callable[Concatenate[HttpRequest, Site, More], HttpResponseBase]
Door = Callable[..., HttpResponseBase]  # request, code, more


def door(*methods: str, largest: int = LARGEST_BODY) -> Callable[[View[More]], Door]:
    """What a page of an allowed origin may ask; what is refused is told in a sentence."""

    def dressed(view: View[More]) -> Door:
        @csrf_exempt
        @wraps(view)
        def asked(
            request: HttpRequest, code: str, *args: More.args, **more: More.kwargs
        ) -> HttpResponseBase:
            with translation.override(language_of(request)):
                site = Site.objects.in_use().select_related("team").filter(code=code).first()
                answer = _answer(request, site, methods, largest, view, *args, **more)
                return _open_to(request, site, methods, answer)

        return asked

    return dressed


def _answer(
    request: HttpRequest,
    site: Site | None,
    methods: tuple[str, ...],
    largest: int,
    view: View[More],
    *args: More.args,
    **more: More.kwargs,
) -> HttpResponseBase:
    if site is None:
        return problem(404, _("这个网站没有开通在线聊天"))
    origin = request.headers.get("Origin", "")
    if origin and not may(request, site, origin):
        return problem(403, _("这个网站没有开通在线聊天"))
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        return problem(405, _("这个地址不接受这种方法，请对照接口文档检查"))
    if number_in(request.headers.get("Content-Length") or 0) > largest:
        return problem(413, too_large(_("这个文件")) if largest > LARGEST_BODY else _("内容太大"))
    try:
        return view(request, site, *args, **more)
    except Refused as refused:
        fields = {name: str(sentence) for name, sentence in refused.fields.items()}
        return problem(refused.status_code, str(refused.sentence), fields)
    except Http404:
        return problem(404, _("没有找到，或者您无权查看"))
    except (SuspiciousOperation, MultiPartParserError):  # too much, or no form at all
        return problem(400, _("内容无法读取，请刷新页面后重试"))


def may(request: HttpRequest, site: Site, origin: str) -> bool:
    """A page that the site names, or one of ours: where the widget can be tried."""
    return site.takes(origin) or origin == f"{request.scheme}://{request.get_host()}"


def _open_to(
    request: HttpRequest, site: Site | None, methods: tuple[str, ...], answer: HttpResponseBase
) -> HttpResponseBase:
    """CORS: this very origin or none; caches keep the answers to each origin apart."""
    origin = request.headers.get("Origin", "")
    answer.headers["Vary"] = "Origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if site is not None and origin and may(request, site, origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            answer.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
            answer.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
            answer.headers["Access-Control-Max-Age"] = REMEMBER_SECONDS
    return answer


def language_of(request: HttpRequest) -> str:
    """The page says it in the address; ?lang= would set a cookie."""
    return "en" if rules.is_english(request.GET.get("l", "")) else settings.LANGUAGE_CODE


def token_of(request: HttpRequest) -> str:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def chat_of(request: HttpRequest, site: Site) -> Chat:
    """The chat that the token opens. Whoever shares an address with a noisy stranger still gets in:
    only what is wrong is counted."""
    chat = actions.by_token(site, token_of(request))
    if chat is None:
        limits.count("wrong", client_address(request))
        raise NotPermitted(_("会话不存在或凭证不对，请重新开始一次会话"))
    return chat


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; Invalid for anything else."""
    try:
        sent = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Invalid(_("内容无法读取，请刷新页面后重试"))
    return sent


def text_in(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise Invalid(_("内容无法读取，请刷新页面后重试"))
    return value


def number_in(value: object, most: int = 2**63 - 1) -> int:
    """A whole number from 0 to `most`; 0 for anything else."""
    digits = str(value)
    return (
        min(int(digits), most) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
    )


def client_in(value: object) -> uuid.UUID:
    """The client's id of what is sent; without a proper one it could be doubled."""
    read = rules.read_uid(str(value))
    if read is None:
        raise Invalid(_("内容无法读取，请刷新页面后重试"))
    return read


def told(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status)
