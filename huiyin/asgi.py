"""The web process: pages and live streams on one port."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
streams = get_asgi_application()

from huiyin.ground.web.pages import PagesHandler  # noqa: E402 — wants Django set up

pages = PagesHandler()
LIVE = "/live/"  # the only views that wait without working


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
    handler = streams if path == LIVE or scope["type"] != "http" else pages
    await handler(scope, receive, send)
