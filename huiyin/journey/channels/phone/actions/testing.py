"""A signed event of our own, through the same door: signature, keeping, taking."""

from __future__ import annotations

import json
import secrets

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.rules import signing
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.hooks.connector import Request
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.words import ArrivalState
from huiyin.journey.channels.phone.rules.reading import TEST


def send_test(hook: Hook) -> str:
    """What came of it; raises Refused with what is wrong."""
    if not hook.enabled:
        raise Refused(_("已停用，启用后才能测试"))
    now = moment.now()
    body = json.dumps({"event": TEST, "call_id": "test", "at": now.isoformat()}).encode()
    uid = f"msg_test_{secrets.token_hex(12)}"
    headers = signing.headers(
        hook.keys(now), webhook_id=uid, timestamp=int(now.timestamp()), body=body
    )
    status, words, _verified = hooks.received(hook.code, Request("POST", headers, {}, body))
    if status != 200:
        raise Refused(words)
    kept = Arrival.objects.filter(hook=hook, key=uid).first()
    if kept is None or kept.state != ArrivalState.TAKEN:
        raise Refused(_("测试事件已收下，但没有处理完，请稍后再看"))
    # Our own event says nothing of when the telephone system told something last.
    Hook.objects.filter(pk=hook.pk, came_ok_at__gte=now).update(came_ok_at=hook.came_ok_at)
    return _("测试事件已验签、收下并处理")
