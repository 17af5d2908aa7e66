"""Reviews of an imaginary site. It signs time and body with a key that both sides know
(HMAC-SHA256), sends one review at a time, and takes answers as JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.social import calling
from huiyin.journey.channels.social.actions import Said, hear
from huiyin.journey.channels.social.limits import Limits
from huiyin.journey.channels.social.models import Account
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Undelivered

KIND = "reviews"  # the name in settings.CONNECTORS
LABEL = gettext_lazy("点评网")
CHANNEL = Channel.SOCIAL
MOST = 1000  # characters of one answer
FIELDS = (
    Field("shop", gettext_lazy("店铺编号")),
    Field("key", gettext_lazy("签名密钥"), secret=True),
    Field(
        "url",
        gettext_lazy("答复送到的地址"),
        gettext_lazy("留空表示只收不发"),
        required=False,
        kind="url",
    ),
)


# --- inwards


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    """From signature and time alone; nothing is parsed or kept here."""
    stamp, key = request.headers.get("x-review-time", ""), hook.secrets.get("key", "")
    given = request.headers.get("x-review-signature", "")
    wanted = signature(key, stamp, request.body)
    if not key or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Unsigned
    if not (stamp.isascii() and stamp.isdigit()) or abs(now.timestamp() - int(stamp)) > 300:
        raise Unsigned
    return Verified(key=request.headers.get("x-review-id", wanted), answer=b"ok")


def signature(key: str, stamp: str, body: bytes) -> str:
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def take(arrival: Arrival) -> str:
    """What the kept copy leads to; may run twice, so `hear` knows a review again by its id."""
    try:
        told = arrival.data
    except (ValueError, RecursionError) as error:
        raise Invalid(_("内容不是 JSON")) from error
    if not isinstance(told, dict) or not all(_word(told, n) for n in ("id", "user", "text")):
        raise Invalid(_("缺少 id、user 或 text"))
    if _word(told, "shop") != option(arrival.hook, "shop"):
        raise Invalid(_("别的店铺"))
    said = Said(
        _word(told, "id"),
        author=_word(told, "user"),
        text=_word(told, "text"),
        name=_word(told, "nick"),
    )
    heard = hear(arrival.hook, said)
    arrival.complaint = heard.complaint
    return heard.outcome


def _word(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return str(value).replace("\x00", "").strip() if isinstance(value, str | int) else ""


# --- outwards


def limits(hook: Hook, account: Account, now: datetime) -> Limits:
    """What is allowed at this moment; a `Measure` where the site counts otherwise than we."""
    if option(hook, "url"):
        return Limits(MOST)
    return Limits(
        MOST, closed=_("只收不发"), refusal=_("这个接入没有填答复地址，请改用其他方式回复")
    )


def send(hook: Hook, account: Account, text: str, key: str) -> str:
    """Raises Undelivered; `key` is the same at each try, so the site can know it again."""
    body = json.dumps({"id": key, "user": account.outer_id, "text": text}).encode()
    headers = {"x-review-signature": signature(hook.secrets.get("key", ""), key, body)}
    reply = calling.call(hook, "POST", option(hook, "url"), headers=headers, body=body)
    return str(calling.object_of(reply).get("id") or key)[:100]


def probe(hook: Hook) -> str:
    """A real try of the other side."""
    if not option(hook, "url"):
        return _("等对方送来第一条")
    try:
        calling.call(hook, "GET", option(hook, "url"))
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("对方答复了")
