"""Pages that belong to no stage: health, language, errors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web import api
from huiyin.ground.web.http import home_of, remember_language


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing more to anybody."""
    return JsonResponse({"status": "ok"})


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """The process can work: the database answers and is migrated."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM complaint_numberseries LIMIT 1")
    except Exception:
        return JsonResponse({"status": "not ready"}, status=503)
    return JsonResponse({"status": "ok"})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        remember_language(response, language)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"home": home_of(request)}, status=403)


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return api.problem(status, api.sentence(status))
    return render(request, name, {"home": home_of(request)}, status=status)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, "403.html", 403)


def missing(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, "404.html", 404)


def unreadable(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Too many fields, too large, of a foreign host: asks nothing of the request any more."""
    if request.path.startswith("/api/"):
        return api.problem(400, api.sentence(400))
    words = _("内容太多或不完整，或者地址不对。请返回上一页再试；您写下的草稿没有丢。")
    return _alone(request, 400, _("请求无法读取"), words)


def broken(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor who is there: that may be what is broken."""
    if request.path.startswith("/api/"):
        return api.problem(500, api.sentence(500))
    words = _("已记录下来。请稍后再试；您写下的草稿没有丢。")
    return _alone(request, 500, _("系统出了点问题"), words)


def _alone(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    """A page without the frame, which would ask who is there."""
    told = {"home": home_of(request), "heading": heading, "words": words}
    return HttpResponse(render_to_string("alone.html", told), status=status)
