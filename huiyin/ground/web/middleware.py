"""What every request passes through: language, idle end, refusals as answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.http import urlencode

from huiyin.ground.refusal import Refused
from huiyin.ground.web import api
from huiyin.ground.web.http import by_script, home_of, page_of, remember_language

Answer = Callable[[HttpRequest], HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)


class ProblemMiddleware:
    """Whatever goes wrong below /api/ is told as problem+json with a sentence, also what never
    reaches an operation: a foreign host, an unknown method, a fault of ours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        status, kind = answer.status_code, answer.headers.get("Content-Type", "")
        if status < 400 or not request.path.startswith("/api/") or kind.startswith(api.PROBLEM):
            return answer
        with translation.override(answer.headers.get("Content-Language", settings.LANGUAGE_CODE)):
            told = api.problem(status, api.sentence(status))
        for name in ("Allow", "Content-Language"):
            if name in answer.headers:
                told.headers[name] = answer.headers[name]
        return told


class AddressMiddleware:
    """PostgreSQL keeps no NUL, and no honest address has one: refused before anything asks for it.

    Answers to people who have signed in are kept by no cache, so that nobody reads them with the
    back button after they left.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return HttpResponseBadRequest("NUL", content_type="text/plain")
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class LanguageMiddleware:
    """Chinese, unless the person chose otherwise (his profile, else a cookie).

    A link may carry ?lang=en: the page is shown so, and the choice is remembered in the cookie.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(
            request.user, "language", ""
        )
        asked = request.GET.get("lang", "")
        chosen = asked if asked in LANGUAGES else chosen
        language = chosen if chosen in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            if asked in LANGUAGES:
                remember_language(response, asked)
            return response


class IdleMiddleware:
    """A session ends after an hour without a person's act. Polling does not count (V45)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            now, seen = int(time.time()), int(request.session.get("seen", 0))
            if seen and now - seen > settings.IDLE_SECONDS:
                logout(request)
            elif now - seen > 60 and not _in_background(request):  # one write a minute at most
                request.session["seen"] = now
        return self.get_response(request)


def _in_background(request: HttpRequest) -> bool:
    return request.path.startswith("/live/") or request.headers.get("X-Background") == "1"


class SignedOutMiddleware:
    """What becomes of a request whose session has ended, so that nothing that was typed is lost.

    A script is told 401, as it would take the sign-in page for its answer. A form leads back to
    the page it stood on: its own address may answer no GET.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        there = answer.headers.get("Location", "")
        sign_in = there and resolve_url(settings.LOGIN_URL)
        if not there or not there.startswith(f"{sign_in}?"):
            return answer
        if by_script(request):
            return HttpResponse(status=401)
        if request.method != "GET":
            answer["Location"] = f"{sign_in}?{urlencode({'next': page_of(request)})}"
        return answer


class RefusalMiddleware:
    """A refusal becomes a toast for htmx, and a calm page otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if request.headers.get("HX-Request"):
            triggers = {
                "toast": {"text": str(error.sentence), "kind": "bad"},
                "fields-refused": {name: str(said) for name, said in error.fields.items()},
            }
            return HttpResponse(
                str(error.sentence),
                status=error.status_code,
                content_type="text/plain; charset=utf-8",
                headers={"HX-Trigger": json.dumps(triggers), "HX-Reswap": "none"},
            )
        context = {"sentence": error.sentence, "home": home_of(request)}
        return render(request, "refused.html", context, status=error.status_code)
