"""One call to an outside system of social media, and what is wrong as a sentence."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.posting import Reply, Unreached, sentence_of
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.ground.webhooks.rules.answers import is_final_refusal
from huiyin.journey.channels.hooks.actions import went_out
from huiyin.journey.channels.hooks.models import Hook
from huiyin.journey.conversation.actions import Undelivered, Unfit, Unheard

LONGEST = 1024 * 1024  # of an answer that is data
UPLOAD_SECONDS = 60.0  # for what is as heavy as a file
TOO_LARGE = {413: gettext_lazy("平台不收这么大的文件")}
NOT_TAKEN = {**TOO_LARGE, **dict.fromkeys((415, 422), gettext_lazy("平台不收这种文件"))}


class Stale(Undelivered):
    """A file that was given over is no longer known there: it is given over anew."""


def call(
    hook: Hook,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most: int = LONGEST,
    seconds: float = 0,
    unfit: Mapping[int, Any] | None = None,
) -> Reply:
    """The answer; raises Undelivered for none, and for one that is no success. `unfit`: which
    statuses are about the file that was given over, and say nothing of the channel."""
    try:
        reply = posting.send(
            method, url, headers=headers or {}, body=body, most=most, seconds=seconds
        )
    except Forbidden as forbidden:
        raise _noted(hook, Undelivered(sentence_of(forbidden.why), final=True)) from forbidden
    except Unreached as missed:
        refused = isinstance(missed.__cause__, ConnectionRefusedError)
        kind = Undelivered if refused else Unheard
        raise _noted(hook, kind(_("没有接通对方的服务器"))) from missed
    if unfit and reply.status in unfit:
        raise Unfit(unfit[reply.status])
    if not 200 <= reply.status < 300:
        sentence = _("对方答复 %(status)s，请检查地址和凭据") % {"status": reply.status}
        final = is_final_refusal(reply.status)
        raise _noted(hook, Undelivered(sentence, final=final))
    went_out(hook)
    return reply


def give(
    hook: Hook, url: str, headers: Mapping[str, str], body: bytes, unfit: Mapping[int, Any]
) -> Reply:
    """The same of what is as heavy as a file."""
    return call(hook, "POST", url, headers=headers, body=body, seconds=UPLOAD_SECONDS, unfit=unfit)


def _noted(hook: Hook, error: Undelivered) -> Undelivered:
    went_out(hook, str(error))
    return error


def multipart(field: str, name: str, media_type: str, data: bytes) -> tuple[str, bytes]:
    """One file as a form gives it over: the type of the body, and the body. A name cannot end its
    header, nor the file its part."""
    mark = secrets.token_hex(16)
    while mark.encode() in data:
        mark = secrets.token_hex(16)
    safe = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{safe}"; '
        f"filelength={len(data)}\r\nContent-Type: {media_type}\r\n\r\n"
    )
    body = b"".join((head.encode(), data, f"\r\n--{mark}--\r\n".encode()))
    return f"multipart/form-data; boundary={mark}", body


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
