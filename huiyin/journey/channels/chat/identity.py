"""Who is signed in at a site, as the site's own server says and signs it. Pure.

What is signed is nine lines, joined by LF, in UTF-8: the code of the window, `at`, then each of
`PARTS`, "" for what is not told. HMAC-SHA256 with the secret as it is written, in hex.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huiyin.ground.customers.rules import normalise_email, normalise_phone
from huiyin.journey.channels.chat import rules

TOLERANCE_SECONDS = 300  # older or younger is a replay, or a clock that is wrong
PARTS = ("id", "name", "phone", "email", "order", "level", "page")
MOST = {"id": 120, "name": 80, "phone": 40, "email": 254, "order": 64, "level": 40, "page": 500}
SAME = {"phone": normalise_phone, "email": normalise_email}


@dataclass(frozen=True)
class Told:
    """What a page told of who is signed in; nothing of it is proven yet."""

    parts: Mapping[str, str]
    at: str
    signature: str


def read(sent: object) -> Told | None:
    """None for what is nothing of the kind. Whoever asks is never refused for it."""
    if not isinstance(sent, dict):
        return None
    parts = {name: _text(sent.get(name)) for name in PARTS}
    at, signature = _text(sent.get("at")), _text(sent.get("signature"))
    return Told(parts, at, signature) if any(parts.values()) else None


def _text(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else ""
    return value if isinstance(value, str) else ""


def signature(secret: str, *, site: str, at: str, parts: Mapping[str, str]) -> str:
    lines = (site, at, *(parts.get(name, "") for name in PARTS))
    signed = "\n".join(lines).encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(told: Told, secrets: Iterable[str], *, site: str, now: float) -> bool:
    """Rightly, for this window, and a moment ago. A part with a line break could pass for two."""
    if not all(_is_line(told.parts[name], MOST[name]) for name in PARTS):
        return False
    if not (told.at.isascii() and told.at.isdigit() and len(told.at) <= 12):
        return False
    if abs(now - int(told.at)) > TOLERANCE_SECONDS:
        return False
    given, right = told.signature.strip().lower().encode("utf-8", "replace"), False
    for secret in secrets:  # all are compared: the time taken tells nothing
        wanted = signature(secret, site=site, at=told.at, parts=told.parts)
        right |= hmac.compare_digest(wanted.encode(), given)
    return right


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text)


def usable(parts: Mapping[str, str]) -> dict[str, str]:
    """Without what is empty, and without a number or an address that cannot be one."""
    told = {name: rules.one_line(said, MOST[name]) for name, said in parts.items()}
    return {
        name: said for name, said in told.items() if said and (name not in SAME or SAME[name](said))
    }


def proven(told: Mapping[str, str], **stands: str) -> dict[str, str]:
    """Of name, phone and email as they stand in a chat those that its site has vouched for."""
    return {
        name: said
        for name, said in stands.items()
        if said and _same(name, said) == _same(name, told.get(name, ""))
    }


def _same(name: str, said: str) -> str:
    return SAME[name](said) or said if name in SAME else said
