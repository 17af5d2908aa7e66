"""Click to call: the telephone system is asked to ring the agent, then the number."""

from __future__ import annotations

import json
import secrets

from huiyin.ground import moment
from huiyin.ground.customers.rules import normalise_phone
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules import signing
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.channels.phone.actions import telling
from huiyin.journey.channels.phone.models import Call, Extension
from huiyin.journey.channels.phone.permissions import can_work
from huiyin.journey.channels.phone.words import Did

KIND = "cti"


def can_dial() -> bool:
    return any(
        hook.options.get("dial_url") for hook in Hook.objects.in_use().filter(connector=KIND)
    )


def dial(call: Call, *, by: User) -> None:
    """Call the number of this call again. Nothing is recorded but that it was asked; the call
    itself is told by the telephone system like any other."""
    can_work.require(by, call)
    number = normalise_phone(call.caller)
    if not number:
        raise Refused(_("这通电话没有号码，无法呼叫"))
    extension = Extension.objects.filter(user=by, enabled=True).first()
    if extension is None:
        raise Refused(_("您还没有分机，请联系系统管理员"))
    hook = call.hook
    url = str(hook.options.get("dial_url") or "")
    if not url:
        raise Refused(_("没有设置呼叫地址，请用话机拨打"))
    body = json.dumps({"event": "dial", "agent": extension.number, "to": number}).encode()
    now = moment.now()
    headers = signing.headers(
        hook.keys(now),
        webhook_id=f"msg_{secrets.token_hex(16)}",
        timestamp=int(now.timestamp()),
        body=body,
    )
    try:
        reply = posting.send("POST", url, headers=headers, body=body)
    except (Forbidden, posting.Unreached) as error:
        told = _("没有接通：%(why)s") % {"why": _why(error)}
        Hook.objects.filter(pk=hook.pk).update(left_error=told, left_failed_at=now)
        raise Refused(_("电话系统没有应答，请用话机拨打")) from error
    if reply.status >= 300:
        told = _("对方答复 %(status)s") % {"status": reply.status}
        Hook.objects.filter(pk=hook.pk).update(left_error=told, left_failed_at=now)
        raise Refused(_("电话系统拒绝了呼叫，请用话机拨打"))
    Hook.objects.filter(pk=hook.pk).update(left_ok_at=now, left_error="")
    telling.act_of(call, Did.DIALLED, by=by)


def _why(error: Forbidden | posting.Unreached) -> str:
    return posting.sentence_of(error.why) if isinstance(error, Forbidden) else str(error)
