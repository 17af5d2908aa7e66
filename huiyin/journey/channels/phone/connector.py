"""The telephone system as a connector: signed events in (docs/phone.md), a request to dial out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.phone import actions
from huiyin.journey.complaint.words import Channel

LABEL = _("电话系统（CTI）")
CHANNEL = Channel.PHONE
OWN_HEALTH = True
FIELDS = (
    Field(
        "dial_url",
        _("呼叫地址"),
        _("点击呼叫时请求这个地址；留空则不提供"),
        required=False,
    ),
    Field(
        "recording_host",
        _("录音服务器"),
        _("只有这台主机会收到录音令牌"),
        required=False,
    ),
    Field("recording_token", _("录音令牌"), secret=True, required=False),
)


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    """Standard Webhooks: signed with our own secret, within five minutes of now."""
    if request.method != "POST":
        raise Unsigned
    keys = hook.keys(now)
    key = signing.verified(keys, request.headers, request.body, now=now.timestamp())
    if not key:
        raise Unsigned
    return Verified(key, at_once=True)  # somebody's telephone rings


def take(arrival: Arrival) -> str:
    return actions.hear(arrival)


def probe(hook: Hook) -> str:
    return actions.send_test(hook)
