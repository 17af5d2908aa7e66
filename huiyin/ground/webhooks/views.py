"""Where outside systems report what became of a call. A signature opens it, never a session."""

from __future__ import annotations

import hashlib

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

WRONG_AN_HOUR = 60  # by one address at one system: against noise, the signature has 256 bits
HOUR = 3600


@csrf_exempt
@never_cache
@require_POST
def report(request: HttpRequest, code: str) -> HttpResponse:
    """POST /hooks/execution/<code>/: {"id", "status", "reference", "amount_fen"}, signed."""
    if int(request.headers.get("Content-Length") or 0) > LONGEST_ANSWER:
        return problem(413, _("内容太大"))
    status, words = actions.received(code, request.headers, request.body[: LONGEST_ANSWER + 1])
    if status == 401 and guesses_on(request, f"execution:{code}"):
        return problem(429, _("尝试次数太多，请一小时后再试"))
    if status != 200:
        return problem(status, words)
    return JsonResponse({"state": words})


def guesses_on(request: HttpRequest, system: str) -> bool:
    """Count a wrong signature of this address at this system, in memory; whether it was one too
    many within an hour. Asked after a signature was found wrong only: what is signed rightly is
    taken, whatever else comes from the same address."""
    name = hashlib.sha256(system.encode()).hexdigest()[:16]
    key = f"hooks:wrong:{name}:{client_address(request)}"
    cache.add(key, 0, HOUR)
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, HOUR)
    return count > WRONG_AN_HOUR
