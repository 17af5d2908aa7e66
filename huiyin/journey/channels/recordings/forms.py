"""What a page sends, read; what cannot be read is refused with its field."""

from __future__ import annotations

import json
import math

from django.utils.translation import gettext as _

from huiyin.ground.refusal import Invalid

LONGEST_BODY = 2 * 1024 * 1024


def number(typed: str) -> float:
    """Seconds; what is none becomes NaN, which no span takes."""
    try:
        return float(typed) if len(typed) < 20 else math.nan
    except ValueError:
        return math.nan


def typed_lines(body: bytes) -> tuple[str, object]:
    """(token, lines) from the JSON of the editor."""
    try:
        sent = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict) or not isinstance(sent.get("token"), str):
        raise Invalid(_("文字稿没有传完整，请再试一次"))
    return sent["token"], sent.get("lines")
