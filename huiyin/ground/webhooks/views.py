"""Where outside systems report what became of a call. A signature opens it, never a session."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from huiyin.ground.web.api import problem
from huiyin.ground.web.http import client_address
from huiyin.ground.webhooks import actions
from huiyin.ground.webhooks.rules.answers import LONGEST_ANSWER

WRONG_AN_HOUR = 60  # by one address: against noise, the signature has 256 bits
HOUR = 3600


@csrf_exempt
@never_cache
@require_POST
def report(request: HttpRequest, code: str) -> HttpResponse:
    """POST /hooks/execution/<code>/: {"id", "status", "reference", "amount_fen"}, signed."""
    if wrong_signatures(request) > WRONG_AN_HOUR:
        return problem(429, _("尝试次数太多，请一小时后再试"))
    if int(request.headers.get("Content-Length") or 0) > LONGEST_ANSWER:
        return problem(413, _("内容太大"))
    status, words = actions.received(code, request.headers, request.body[: LONGEST_ANSWER + 1])
    if status == 401:
        wrong_signatures(request, more=1)
    if status != 200:
        return problem(status, words)
    return JsonResponse({"state": words})


def wrong_signatures(request: HttpRequest, more: int = 0) -> int:
    """How often this address signed wrongly within an hour, counted in memory."""
    key = f"hooks:wrong:{client_address(request)}"
    cache.add(key, 0, HOUR)
    count = int(cache.get(key, 0)) + more
    if more:
        cache.set(key, count, HOUR)
    return count
