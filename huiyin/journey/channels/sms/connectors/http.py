"""A provider by HTTP: JSON both ways, signed (Standard Webhooks). docs/sms.md describes it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.posting import Unreached, sentence_of
from huiyin.ground.webhooks.rules import signing
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.ground.webhooks.rules.answers import is_final_refusal
from huiyin.journey.channels.hooks.actions import went_out
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified, option
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.sms.actions.telling import take_told
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Undelivered

LABEL = gettext_lazy("短信服务商（HTTP）")
CHANNEL = Channel.SMS
OWN_SECRET = True
SIGN = Field("sign", gettext_lazy("短信签名"), gettext_lazy("不写【】，例如 云朵客服"))
FIELDS = (
    SIGN,
    Field("url", gettext_lazy("发送地址"), kind="url"),
    Field(
        "api_key",
        gettext_lazy("接口密钥"),
        gettext_lazy("服务商给的；放在 Authorization: Bearer 里，没有就留空"),
        secret=True,
        required=False,
    ),
    Field("template", gettext_lazy("模板编号"), required=False),
)


def told(hook: Hook, address: str) -> str:
    return _("送达回执和客户上行短信都送到这个地址")


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    keys = hook.keys(now)
    known = signing.verified(keys, request.headers, request.body, now=now.timestamp())
    if request.method != "POST" or not known:
        raise Unsigned
    return Verified(key=known)


def take(arrival: Arrival) -> str:
    try:
        given = arrival.data
    except (ValueError, RecursionError) as error:
        raise Invalid(_("内容不是 JSON")) from error
    return take_told(arrival, given)


def send(hook: Hook, number: str, text: str, *, sign: str, template: str, key: str) -> str:
    given = {"id": key, "to": number, "text": text, "sign": sign, "template": template}
    found = _post(hook, given, key)
    return str(found.get("id") or key)[:100]


def _post(hook: Hook, given: dict[str, Any], key: str) -> dict[str, Any]:
    """Signed, under one id however often it is tried; an answer of 2xx is a yes."""
    now = moment.now()
    body = json.dumps(given, ensure_ascii=False).encode()
    headers = signing.headers(
        hook.keys(now), webhook_id=key, timestamp=int(now.timestamp()), body=body
    )
    if secret := hook.secrets.get("api_key"):
        headers["Authorization"] = f"Bearer {secret}"
    try:
        reply = posting.send("POST", option(hook, "url"), headers=headers, body=body)
    except Forbidden as forbidden:
        raise _failed(hook, sentence_of(forbidden.why), final=True) from forbidden
    except Unreached as missed:
        raise _failed(hook, _("没有接通短信服务商")) from missed
    if not 200 <= reply.status < 300:
        sentence = _("短信服务商答复 %(status)s") % {"status": reply.status}
        raise _failed(hook, sentence, final=is_final_refusal(reply.status))
    went_out(hook)
    try:
        found = json.loads(reply.body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _failed(hook: Hook, sentence: str, *, final: bool = False) -> Undelivered:
    went_out(hook, sentence)
    return Undelivered(sentence, final=final)


def probe(hook: Hook) -> str:
    now = moment.now()
    try:
        _post(hook, {"id": f"ping-{int(now.timestamp())}", "ping": True}, f"ping-{hook.pk}")
    except Undelivered as missed:
        raise Refused(str(missed)) from missed
    return _("短信服务商收到了测试，没有发短信")
