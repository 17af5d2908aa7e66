"""Messages as outside systems sign them (Standard Webhooks)."""

from __future__ import annotations

import json
import time
from typing import Any

from django.test import Client

from huiyin.ground import moment
from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.models import Hook


def tell(hook: Hook, told: Any, *, key: str = "", at: float | None = None, **more: Any):
    """POST it to the hook, signed with its secret; the answer."""
    body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    key = key or f"msg-{time.monotonic_ns()}"
    stamp = int(moment.now().timestamp() if at is None else at)
    keys = more.pop("keys", None) or hook.keys(moment.now())
    headers = signing.headers(keys, webhook_id=key, timestamp=stamp, body=body)
    headers.update(more.pop("headers", {}))
    return Client().post(
        f"/hooks/in/{hook.code}/", body, content_type="application/json", headers=headers
    )
