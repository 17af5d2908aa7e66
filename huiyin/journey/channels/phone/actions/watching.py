"""What nobody tells: a hold that grows too long, an end that never came, notes left unfinished."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Max, OuterRef
from django.db.models.functions import Coalesce

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.phone.actions import hearing, telling
from huiyin.journey.channels.phone.actions.linking import hold, keep_note
from huiyin.journey.channels.phone.models import Act, Call, CallEvent, limits
from huiyin.journey.channels.phone.rules.machine import NEVER_TOLD
from huiyin.journey.channels.phone.words import CallState, Did, Figure, HungUpBy, Told

logger = logging.getLogger(__name__)
MOST = 500


def watch() -> int:
    """Safe to run twice; one call that cannot be done keeps no other from it."""
    now, set_ = moment.now(), limits()
    held = Call.objects.filter(state=CallState.HELD).annotate(since=_here("held_since"))
    held = held.filter(since__lte=now - timedelta(seconds=set_[Figure.HOLD_OFFER]))
    heard = Call.objects.live().annotate(heard_at=Max("events__received_at"))
    silent = heard.filter(heard_at__lte=now - timedelta(seconds=set_[Figure.STALE]))
    rung = Call.objects.filter(state=CallState.RINGING).annotate(told_at=_told_at())
    rung = rung.filter(told_at__lte=now - timedelta(seconds=set_[Figure.RING]))
    left = Call.objects.over().filter(finished_at=None).annotate(since=_here("ended_at"))
    left = left.filter(since__lte=now - timedelta(seconds=set_[Figure.WRAP_UP]))
    done = 0
    owed = Call.objects.to_recall().filter(callback=None)
    agreed = owed.filter(~_told(Did.DUE, "recall_at"), recall_at__lte=now)
    late = owed.filter(~_told(Did.LATE, "recall_due_at"), recall_due_at__lte=now)
    looked_after = (
        (held, _too_long),
        (rung, _rang_out),
        (silent, _ends),
        (left, _finish),
        (agreed, _due),
        (late, _late),
    )
    for rows, act in looked_after:
        for pk in list(rows.values_list("pk", flat=True)[:MOST]):
            done += _each(pk, act, now)
    return done


def _here(moment_of_theirs: str) -> ExpressionWrapper[Any]:
    """By our own clock, as `Call.here`."""
    return ExpressionWrapper(F(moment_of_theirs) + F("skew"), output_field=DateTimeField())


def _told_at() -> Coalesce:
    """When we were told of it last, by our own clock: that of a telephone system may be wrong."""
    return Coalesce(Max("events__received_at"), F("began_at"))


def _told(did: Did, since: str) -> Exists:
    """Of the time that stands now; another time that is agreed is told of anew."""
    return Exists(Act.objects.filter(call=OuterRef("pk"), did=did, at__gte=OuterRef(since)))


def _each(pk: int, act: Callable[[Call, datetime], None], now: datetime) -> int:
    try:
        with transaction.atomic():
            act(hold(Call(pk=pk)), now)
    except Exception:
        logger.exception("call %s could not be looked after", pk)
        return 0
    return 1


def _too_long(call: Call, now: datetime) -> None:
    if call.held_here is not None:
        call.long_hold = max(call.long_hold, int((now - call.held_here).total_seconds()))
        call.save(update_fields=["long_hold"])


def _rang_out(call: Call, now: datetime) -> None:
    """Somebody may have answered between the look and now."""
    told_at = Call.objects.filter(pk=call.pk).aggregate(at=Max("events__received_at"))["at"]
    since = now - timedelta(seconds=limits()[Figure.RING])
    if call.state == CallState.RINGING and (told_at or call.began_at) <= since:
        _ends(call, now)


def _ends(call: Call, now: datetime) -> None:
    if not call.is_live:
        return
    last = call.events.aggregate(at=Max("at"))["at"] or call.began_at
    CallEvent.objects.get_or_create(
        call=call,
        key=f"never told since {last.isoformat()}",
        defaults={
            "kind": Told.HANGUP,
            "at": last,
            "by": HungUpBy.UNKNOWN,
            "reason": NEVER_TOLD,
            "received_at": now,
        },
    )
    hearing.follow_course(call)
    telling.follow(call)
    hearing.ping({call.agent_id, *call.ringing})


def _due(call: Call, now: datetime) -> None:
    """It stands in no queue of tasks, as it has no complaint: whoever agreed it is told."""
    _tell(call, Did.DUE, call.agent)


def _late(call: Call, now: datetime) -> None:
    _tell(call, Did.LATE, telling.supervisor_for(call, call.agent or User.objects.system()))


def _tell(call: Call, did: Did, to: User | None) -> None:
    if call.recalled_at is not None:
        return
    act = telling.act_of(call, did, by=call.agent or User.objects.system(), to=to)
    telling.notify(act)
    hearing.ping({call.agent_id, to.pk if to else None})


def _finish(call: Call, now: datetime) -> None:
    """Nobody pressed the button: what was written is kept all the same."""
    if call.finished_at is not None or call.is_live:
        return
    call.finished_at = now
    call.save(update_fields=["finished_at"])
    keep_note(call)
