"""The web process as in production, but it looks at once at what another process has changed."""

from __future__ import annotations

from huiyin.asgi import application
from huiyin.ground import remembered

remembered.KEPT_FOR = -1.0

__all__ = ["application"]
