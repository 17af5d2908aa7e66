"""What an outside system reports by itself, and setting systems up."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.calling import settle, tell_askers
from huiyin.ground.webhooks.actions.posting import Unreached, sentence_of
from huiyin.ground.webhooks.models import Attempt, Call, Endpoint, Heard, new_salt, new_uid
from huiyin.ground.webhooks.permissions import can_manage_endpoints
from huiyin.ground.webhooks.rules import answers, signing
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.ground.webhooks.words import CallState

BOTH_VALID_FOR = timedelta(hours=24)
HEARD_KEPT_FOR = timedelta(days=7)  # a signature is valid for minutes


def received(code: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """Status and words for whoever reports: a program, which gets no page."""
    try:
        return 200, hear(code, headers, body)
    except Refused as refused:
        status = 401 if isinstance(refused, NotPermitted) else refused.status_code
        return status, str(refused.sentence)


def hear(code: str, headers: Mapping[str, str], body: bytes) -> str:
    """A report of an outside system; the state of the call it is about.

    Unknown systems and wrong signatures are answered alike. The same report twice is one.
    """
    endpoint = Endpoint.objects.in_use().filter(code=code).first()
    # A system that is not there is checked too, with a key nobody has: the same work.
    keys = (endpoint or Endpoint(salt=new_salt())).keys(moment.now())
    webhook_id = signing.verified(keys, headers, body, now=time.time())
    if endpoint is None or not webhook_id or "\x00" in webhook_id:
        raise NotPermitted(_("签名不正确，或时间相差超过 5 分钟"))
    answer = answers.read(body)
    if answer is None:
        raise Invalid(_("内容无法识别，请按文档写 id、status、reference、amount_fen"))
    uid = str(json.loads(body).get("id", ""))
    call = Call.objects.filter(endpoint=endpoint, uid=uid).first() if "\x00" not in uid else None
    if call is None:
        raise Invalid(_("没有这个编号的调用，请检查 id"))
    with transaction.atomic():  # heard and taken in, or neither: then they report it again
        if not _first_time(endpoint, webhook_id):
            return str(call.state)
        text = body[:1000].decode("utf-8", "replace")
        Attempt.objects.create(call=call, asked=True, at=moment.now(), answer=text)
        settle(call, answer)
    tell_askers()
    call.refresh_from_db()
    return str(call.state)


def _first_time(endpoint: Endpoint, webhook_id: str) -> bool:
    try:
        with transaction.atomic():
            Heard.objects.create(endpoint=endpoint, webhook_id=webhook_id, at=moment.now())
    except IntegrityError:
        return False
    return True


def forget_heard() -> int:
    """Ids older than any signature that would still be taken."""
    return Heard.objects.filter(at__lt=moment.now() - HEARD_KEPT_FOR).delete()[0]


@transaction.atomic
def rotate(endpoint: Endpoint, *, by: User) -> str:
    """A new secret, to be shown once; for a day the one before is valid too."""
    can_manage_endpoints.require(by, endpoint)
    endpoint.earlier_salt = endpoint.salt
    endpoint.earlier_until = moment.now() + BOTH_VALID_FOR
    endpoint.salt = new_salt()
    endpoint.save(update_fields=["salt", "earlier_salt", "earlier_until"])
    return endpoint.secret


@transaction.atomic
def drop_earlier(endpoint: Endpoint, *, by: User) -> None:
    """The secret before is valid no more: at once, for instance when it got known."""
    can_manage_endpoints.require(by, endpoint)
    endpoint.earlier_salt, endpoint.earlier_until = "", None
    endpoint.save(update_fields=["earlier_salt", "earlier_until"])


def try_out(endpoint: Endpoint, *, by: User) -> int:
    """Send a signed ping; the answer's status. Refused with the reason when none came."""
    can_manage_endpoints.require(by, endpoint)
    uid, now = new_uid(), int(time.time())
    told = {"type": "ping", "id": uid, "timestamp": moment.now().isoformat(), "data": {}}
    body = json.dumps(told, separators=(",", ":")).encode()
    keys = endpoint.keys(moment.now())
    headers = signing.headers(keys, webhook_id=uid, timestamp=now, body=body)
    try:
        reply = posting.send("POST", endpoint.url, headers=headers, body=body)
    except Forbidden as forbidden:
        raise Refused(sentence_of(forbidden.why)) from forbidden
    except Unreached as missed:
        raise Refused(_("没有接通：%(why)s") % {"why": missed}) from missed
    if not 200 <= reply.status < 300:
        raise Refused(_("对方答复 %(status)s，请检查地址和签名") % {"status": reply.status})
    return reply.status


def open_calls(subject: str) -> list[Call]:
    """What was asked for this subject and may still be done."""
    ended = (CallState.FAILED, CallState.REFUSED, CallState.CANCELLED)
    return list(Call.objects.filter(subject=subject).exclude(state__in=ended))
