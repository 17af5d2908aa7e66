"""Asking our own pages without a network: through every middleware, as a stranger would.

What a door answers can so be tried where nobody knows by which address the house reaches itself.
"""

from __future__ import annotations

import io
from functools import cache
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http.response import HttpResponseBase
from django.utils import translation


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def ask(path: str, **headers: str) -> HttpResponseBase:
    """GET it at our public address, without a session; `headers` as in HTTP, `_` for `-`."""
    base = urlsplit(settings.BASE_URL)
    environ: dict[str, object] = {
        "PATH_INFO": path,
        "HTTP_HOST": base.netloc,
        "SERVER_NAME": base.hostname or "localhost",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "wsgi.url_scheme": base.scheme or "http",
        "wsgi.input": io.BytesIO(),
        "REMOTE_ADDR": "127.0.0.1",
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    with translation.override(translation.get_language()):  # whoever asked goes on in his own
        return _handler().get_response(WSGIRequest(environ))


def body_of(answer: HttpResponseBase) -> bytes:
    return b"" if answer.streaming else bytes(answer.content)  # type: ignore[attr-defined]


def address_of(path: str) -> tuple[str, str]:
    """Where others reach it, and the host of that."""
    return settings.BASE_URL + path, urlsplit(settings.BASE_URL).netloc


def is_public() -> bool:
    """Whether the address that stands in our letters is one that others can reach."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    return host not in ("", "localhost", "::1", "0.0.0.0") and not host.startswith("127.")  # noqa: S104
