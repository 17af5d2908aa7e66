"""Asking an outside system, trying again, and asking what became of it.

A call is a row, committed with the fact it tells of. A worker first writes down that it takes it,
then calls without a transaction, then writes what came of it: whoever is killed in between leaves
a row that another worker takes up with the same id. Telling the asker is a step of its own, done
again until it succeeds.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.actions.posting import Reply, Unreached, sentence_of
from huiyin.ground.webhooks.models import Attempt, Call, Endpoint
from huiyin.ground.webhooks.rules import answers, signing
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.ground.webhooks.words import CallState, Said

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(seconds=90)  # longer than any call lasts
MOST_A_RUN = 50

Listener = Callable[[Call], object]


def ask(
    endpoint: Endpoint,
    *,
    kind: str,
    subject: str,
    about: str,
    data: dict[str, Any],
    amount_fen: int | None = None,
) -> Call:
    """Queue a call in the caller's transaction. `about` says in words what is asked.

    Raises IntegrityError when the same is asked already: look before.
    """
    call = Call(
        endpoint=endpoint,
        kind=kind,
        subject=subject,
        about=about[:200],
        amount_fen=amount_fen,
        next_try_at=moment.now(),
        created_at=moment.now(),
    )
    told = {"type": kind, "id": call.uid, "timestamp": call.created_at.isoformat(), "data": data}
    call.body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    call.save(force_insert=True)
    return call


def cancel(call: Call) -> bool:
    """Never send it. False: it may have arrived already, so it must be called back instead."""
    waiting = Call.objects.filter(pk=call.pk, state=CallState.WAITING, first_tried_at=None)
    done = waiting.update(state=CallState.CANCELLED, settled_at=moment.now())
    call.refresh_from_db()
    return bool(done)


def send_again(call: Call) -> None:
    """What did not get through is tried anew, with the id it has: it may have arrived."""
    again = Call.objects.filter(pk=call.pk, state__in=(CallState.LOST, CallState.REFUSED))
    if not again.update(
        state=CallState.WAITING, tries=0, next_try_at=moment.now(), taken_until=None, error=""
    ):
        raise Refused(_("这次调用现在不需要重发，请刷新页面查看最新状态"))
    call.refresh_from_db()


# --- what happens by itself --------------------------------------------------------------------


def send_due_calls() -> int:
    """Send what waits. Of two workers each call is taken by one.

    A system that was not reached is left alone for the rest of the run: it holds up no other.
    """
    sent = 0
    silent: set[int] = set()
    while sent < MOST_A_RUN and (call := _take(silent)):
        if not _deliver(call):
            silent.add(call.endpoint_id)
        sent += 1
    tell_askers()
    return sent


@transaction.atomic
def _take(silent: set[int]) -> Call | None:
    now = moment.now()
    waiting = Call.objects.due(now).exclude(endpoint__in=silent)
    due = waiting.select_for_update(skip_locked=True, of=("self",))
    call = due.select_related("endpoint").first()
    if call is None:
        return None
    call.tries += 1
    call.taken_until = now + TAKEN_FOR
    call.first_tried_at = call.first_tried_at or now
    call.save(update_fields=["tries", "taken_until", "first_tried_at"])
    return call


def _deliver(call: Call) -> bool:
    """Whether the other side answered at all."""
    endpoint, began = call.endpoint, time.monotonic()
    reply: Reply | None = None
    error = ""
    try:
        reply = _signed("POST", endpoint, endpoint.url, call.uid, call.body.encode())
    except Unreached as missed:
        error = str(missed)
    except Forbidden as forbidden:
        error = sentence_of(forbidden.why)
    _write_down(call, began, reply=reply, error=error)
    answer = answers.read(reply.body) if reply and 200 <= reply.status < 300 else None
    if answer is not None:
        settle(call, answer)
    elif reply is not None and answers.is_final_refusal(reply.status):
        words = _("对方拒收（%(status)s）") % {"status": reply.status}
        call.turn(CallState.WAITING, CallState.REFUSED, error=words, settled_at=moment.now())
    else:
        words = error or _("对方答复 %(status)s，内容无法识别") % {
            "status": reply.status if reply else ""
        }
        _later(call, words, reply.retry_after if reply else 0)
    return reply is not None


def _signed(method: str, endpoint: Endpoint, url: str, uid: str, body: bytes) -> Reply:
    now = moment.now()
    # The clock of the world, not of the demo: the other side compares it with its own.
    headers = signing.headers(
        endpoint.keys(now), webhook_id=uid, timestamp=int(time.time()), body=body
    )
    return posting.send(method, url, headers=headers, body=body if method == "POST" else None)


def _later(call: Call, words: str, retry_after: int) -> None:
    chance = random.random()  # noqa: S311 — spreads tries, hides nothing
    wait = answers.wait_after(call.tries, chance, retry_after)
    if wait is None:
        asks = {"next_ask_at": moment.now()} if call.endpoint.status_url else {}
        call.turn(CallState.WAITING, CallState.LOST, error=words, **asks)
        return
    Call.objects.filter(pk=call.pk, state=CallState.WAITING).update(
        next_try_at=moment.now() + wait, taken_until=None, error=words
    )


def _write_down(
    call: Call, began: float, *, reply: Reply | None = None, error: str = "", asked: bool = False
) -> None:
    Attempt.objects.create(
        call=call,
        asked=asked,
        at=moment.now(),
        took_ms=int((time.monotonic() - began) * 1000),
        status=reply.status if reply else None,
        error=error,
        answer=_readable(reply.body) if reply else "",
    )


def _readable(body: bytes) -> str:
    return body[:1000].decode("utf-8", "replace").replace("\x00", "")[:1000]


def ask_due() -> int:
    """Ask what became of calls that were taken but not answered, or of which nothing is known."""
    asked = 0
    while asked < MOST_A_RUN and (call := _take_to_ask()):
        _ask_about(call)
        asked += 1
    tell_askers()
    return asked


@transaction.atomic
def _take_to_ask() -> Call | None:
    now = moment.now()
    due = Call.objects.to_ask(now).select_for_update(skip_locked=True, of=("self",))
    call = due.select_related("endpoint").first()
    if call is None:
        return None
    call.next_ask_at = now + answers.ask_after(call.asks)
    call.asks = min(call.asks + 1, 30_000)
    call.save(update_fields=["next_ask_at", "asks"])
    return call


def _ask_about(call: Call) -> None:
    endpoint, began = call.endpoint, time.monotonic()
    if not endpoint.status_url:
        Call.objects.filter(pk=call.pk).update(next_ask_at=None)
        return
    reply: Reply | None = None
    error = ""
    try:
        url = endpoint.status_url.replace("{id}", call.uid)
        reply = _signed("GET", endpoint, url, call.uid, b"")
    except Unreached as missed:
        error = str(missed)
    except Forbidden as forbidden:
        error = sentence_of(forbidden.why)
    _write_down(call, began, reply=reply, error=error, asked=True)
    answer = answers.read(reply.body) if reply and 200 <= reply.status < 300 else None
    if answer is not None:
        settle(call, answer)


def settle(call: Call, answer: answers.Answer) -> str:
    """Take in what the other side says, however often and in whichever order; the state it has."""
    with transaction.atomic():
        call = Call.objects.select_for_update().select_related("endpoint").get(pk=call.pk)
        before = call.state
        state = answers.becomes(
            before, answer, wanted_fen=call.amount_fen, reported_fen=call.reported_fen
        )
        if before == CallState.CANCELLED and state == CallState.MISMATCH:
            pass  # never sent, yet reported: somebody has to look
        elif state == before and state != CallState.WAITING:
            return state
        fields: dict[str, Any] = {"settled_at": moment.now(), "error": answer.reason}
        if state == CallState.ACCEPTED:
            asks = moment.now() + answers.ask_after(0) if call.endpoint.status_url else None
            fields = {"next_ask_at": asks, "error": ""}
        if answer.reference and before != CallState.DONE:
            fields["reference"] = answer.reference
        if answer.amount_fen is not None and before != CallState.DONE:
            fields["reported_fen"] = answer.amount_fen
        if state == CallState.MISMATCH:
            fields["error"] = _mismatch(call, answer)
        call.turn(before, state, **fields)
    return state


def _mismatch(call: Call, answer: answers.Answer) -> str:
    told = "—" if answer.amount_fen is None else f"{answer.amount_fen / 100:.2f}"
    asked = "—" if call.amount_fen is None else f"{call.amount_fen / 100:.2f}"
    said = Said(answer.said).label
    words = _("要求 %(asked)s 元，对方报告“%(said)s”%(told)s 元；之前的状态：%(before)s")
    before = CallState(call.state).label
    return words % {"asked": asked, "said": said, "told": told, "before": before}


def tell_askers() -> int:
    """Tell whoever asked what became of it, until he has taken it in."""
    told = 0
    for pk in list(Call.objects.filter(untold=True).order_by("pk").values_list("pk", flat=True)):
        try:
            told += _tell(pk)
        except Exception:  # one that cannot take it in keeps no other from hearing
            if not connection.is_usable():
                raise
            logger.exception("Could not tell of call %s", pk)
    return told


@transaction.atomic
def _tell(pk: int) -> bool:
    call = Call.objects.select_related("endpoint").get(pk=pk)
    listener = listener_of(call.subject)
    if listener is not None:
        listener(call)
    # If it has changed meanwhile it is told again: the listener sees the newest state then.
    return bool(Call.objects.filter(pk=pk, untold=True, state=call.state).update(untold=False))


def listener_of(subject: str) -> Listener | None:
    """Who asked; loaded by name, since the ground knows nothing of the stages."""
    name = settings.WEBHOOK_LISTENERS.get(subject.partition(":")[0])
    found: Listener | None = import_string(name) if name else None
    return found
