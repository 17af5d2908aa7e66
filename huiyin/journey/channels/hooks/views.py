"""Where outside systems tell us something. A signature opens it, never a session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from huiyin.ground.web.api import problem
from huiyin.ground.webhooks.views import WRONG_AN_HOUR, wrong_signatures
from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.connector import Request


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def come(request: HttpRequest, code: str) -> HttpResponse:
    """/hooks/in/<code>/: 200 only after what came is on the disk; refused ones get a problem."""
    if wrong_signatures(request) > WRONG_AN_HOUR:
        return problem(429, _("尝试次数太多，请一小时后再试"))
    if int(request.headers.get("Content-Length") or 0) > actions.LARGEST:
        return problem(413, _("内容太大"))
    told = Request(
        method=request.method or "",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=request.body,
    )
    status, words, verified = actions.received(code, told)
    if verified is None:
        wrong_signatures(request, more=int(status == 403))
        return problem(status, words)
    return HttpResponse(verified.answer, content_type=verified.answer_type)
