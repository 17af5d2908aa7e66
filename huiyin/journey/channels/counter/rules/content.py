"""What is typed at the counter, in one shape; its hash is what a signature stands for. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIELDS = {  # name → characters at most
    "name": 80,
    "phone": 40,
    "email": 254,
    "address": 200,
    "order_no": 64,
    "happened_on": 10,
    "amount": 20,
    "text": 20_000,
    "wanted": 500,
}


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """Our own fields and nothing else, no longer than is kept."""
    found = {}
    for name, most in FIELDS.items():
        value = str(data.get(name) or "").replace("\x00", "").replace("\r\n", "\n")
        found[name] = value.encode("utf-8", "ignore").decode()[: most + 1].strip()
    return found


def digest(content: Mapping[str, Any], privacy_version: str) -> str:
    """SHA-256 of what the customer reads, in an order that never changes."""
    body = {"content": typed(content), "privacy": privacy_version}
    written = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
