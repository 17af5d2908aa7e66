"""Requests as we know them, and the few answers that pages share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from huiyin.ground.people.models import User


class HuiyinRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User
    htmx: HtmxDetails


def changed(sentence: str = "", *, also: dict[str, Any] | None = None) -> HttpResponse:
    """An act went well: every panel of the page refreshes itself; `sentence` becomes a toast."""
    triggers: dict[str, Any] = {"complaint-changed": True, **(also or {})}
    if sentence:
        triggers["toast"] = {"text": sentence, "kind": "good"}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(triggers)})


def by_script(request: HttpRequest) -> bool:
    """Whether the answer goes to a script of a page, not to the window (Fetch Metadata, W3C)."""
    told = request.headers
    return "HX-Request" in told or "X-Background" in told or told.get("Sec-Fetch-Dest") == "empty"


def page_of(request: HttpRequest) -> str:
    """The page of this site that a form was sent from; the front page if nobody says."""
    try:
        from_there = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    if from_there.netloc != request.get_host():
        return "/"
    return from_there._replace(scheme="", netloc="").geturl() or "/"


def home_of(request: HttpRequest) -> str:
    """Where an error page leads: a customer never to the sign-in page of the staff."""
    return "/portal/" if request.path.startswith("/portal/") else "/"


def remember_language(response: HttpResponse, language: str) -> None:
    """In a cookie, since the sign-in page and the portal have no user; "" forgets it."""
    from django.conf import settings

    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SECURE,
        httponly=True,
    )


def client_address(request: HttpRequest) -> str:
    """Whose request it is: the peer, or what our own proxies say of it (V51).

    X-Forwarded-For counts only as many hops from the right as HUIYIN_TRUSTED_PROXIES says.
    """
    from django.conf import settings

    peer = str(request.META.get("REMOTE_ADDR") or "")
    hops = settings.TRUSTED_PROXIES
    forwarded = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a]
    address = forwarded[-hops] if 0 < hops <= len(forwarded) else peer
    return address if _is_address(address) else "0.0.0.0"  # noqa: S104 — means unknown


def _is_address(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
