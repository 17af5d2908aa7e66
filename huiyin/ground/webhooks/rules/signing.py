"""Signatures as Standard Webhooks has them: HMAC-SHA256 over “id.timestamp.body”, header `v1,…`.

https://www.standardwebhooks.com. While a secret is being changed there are two: we sign with
both, and what comes in may be signed with either.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

TOLERANCE_SECONDS = 300  # older or younger is a replay, or a clock that is wrong
PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
LONGEST_ID = 120


def written(key: bytes) -> str:
    """A secret as people copy it."""
    return PREFIX + base64.b64encode(key).decode()


def signature(key: bytes, *, webhook_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    keys: Iterable[bytes], *, webhook_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """What goes with a call, signed with every secret that is valid."""
    about = {"webhook_id": webhook_id, "timestamp": timestamp, "body": body}
    return {
        ID: webhook_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: " ".join(signature(key, **about) for key in keys),  # type: ignore[arg-type]
    }


def verified(keys: Iterable[bytes], headers: Mapping[str, str], body: bytes, *, now: float) -> str:
    """The id of what came in; "" when it is unsigned, wrongly signed, too old or too young."""
    webhook_id = headers.get(ID, "")
    sent, signed = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not webhook_id or len(webhook_id) > LONGEST_ID or not (sent.isascii() and sent.isdigit()):
        return ""
    if len(sent) > 12 or abs(now - int(sent)) > TOLERANCE_SECONDS:
        return ""
    given = [one.encode() for one in signed.split(" ")[:8]]
    right = False
    for key in keys:
        wanted = signature(key, webhook_id=webhook_id, timestamp=int(sent), body=body).encode()
        for one in given:  # all are compared: the time taken tells nothing
            right |= hmac.compare_digest(one, wanted)
    return webhook_id if right else ""
