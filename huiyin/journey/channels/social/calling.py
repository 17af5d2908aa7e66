"""One call to an outside system of social media, and what is wrong as a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.posting import Reply, Unreached, sentence_of
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.ground.webhooks.rules.answers import is_final_refusal
from huiyin.journey.channels.hooks.actions import went_out
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.conversation.actions import Undelivered

LONGEST = 1024 * 1024  # of an answer that is data
NOT_SENT = (ConnectionRefusedError, TimeoutError)


class Unknown(Undelivered):
    """No answer: it may have arrived."""


def call(
    hook: Hook,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most: int = LONGEST,
) -> Reply:
    """The answer; raises Undelivered for none, and for one that is no success."""
    try:
        reply = posting.send(method, url, headers=headers or {}, body=body, most=most)
    except Forbidden as forbidden:
        raise _noted(hook, Undelivered(sentence_of(forbidden.why), final=True)) from forbidden
    except Unreached as missed:
        refused = isinstance(missed.__cause__, ConnectionRefusedError)
        kind = Undelivered if refused else Unknown
        raise _noted(hook, kind(_("没有接通对方的服务器"))) from missed
    if not 200 <= reply.status < 300:
        sentence = _("对方答复 %(status)s，请检查地址和凭据") % {"status": reply.status}
        final = is_final_refusal(reply.status)
        raise _noted(hook, Undelivered(sentence, final=final))
    went_out(hook)
    return reply


def _noted(hook: Hook, error: Undelivered) -> Undelivered:
    went_out(hook, str(error))
    return error


def data_of(reply: Reply) -> Any:
    try:
        return json.loads(reply.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Undelivered(_("对方的答复读不出来")) from error


def object_of(reply: Reply) -> dict[str, Any]:
    found = data_of(reply)
    return found if isinstance(found, dict) else {}


def refused(error: Undelivered) -> Refused:
    """The same, for whoever tries the connection."""
    return Refused(str(error))
