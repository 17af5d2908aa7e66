"""The same thing sent twice is one thing. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from huiyin.ground.sentence import sentence as _

KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_fault(key: str) -> str:
    """The sentence that says why this Idempotency-Key cannot be used; "" when it can."""
    if KEY.fullmatch(key):
        return ""
    return _("Idempotency-Key 应为 1 到 200 个可见的英文字符，建议使用 UUID")


def body_hash(body: Mapping[str, object]) -> str:
    """The same for the same content in any order of keys; 64 hex digits."""
    written = json.dumps(body, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
