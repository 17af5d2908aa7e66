"""A kept message is taken: by one worker, in one transaction with what it leads to."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.sentence import told_by
from huiyin.journey.channels.hooks.connector import connector_of
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.hooks.words import ArrivalState

logger = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=3)  # a worker that died leaves it to another after that
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes
MOST_A_RUN = 1000


def lanes(kind: str) -> dict[str, Callable[[], int]]:
    """The systems of this kind that told something that is due: each is taken by itself."""
    due = Arrival.objects.due(moment.now()).filter(hook__connector=kind)
    found = due.order_by().values_list("hook", flat=True).distinct()
    return {str(pk): partial(take_due, kind, of=pk) for pk in found}


def take_due(*kinds: str, of: int | None = None) -> int:
    """All that are due, of these kinds of systems or of all, or of one system; of two workers each
    message is taken by one (SKIP LOCKED). One that fails waits and keeps no other from being
    taken."""
    done = 0
    which: dict[str, object] = {"hook__connector__in": kinds} if kinds else {}
    if of is not None:
        which["hook"] = of
    while done < MOST_A_RUN and (arrival := _next(**which)) is not None:
        _take(arrival)
        done += 1
    return done


def take_now(hook: Hook, key: str) -> None:
    """The one that has just been kept, if no worker has it already."""
    arrival = _next(hook=hook, key=key)
    if arrival is not None:
        _take(arrival)


@transaction.atomic
def _next(**which: object) -> Arrival | None:
    """Ours for a while; counted before it is read, so that what kills its reader stops killing."""
    now = moment.now()
    due = Arrival.objects.due(now).filter(**which).select_related("hook")
    arrival = due.select_for_update(skip_locked=True, of=("self",)).first()
    if arrival is not None:
        arrival.tries += 1
        arrival.taken_until = now + TAKEN_FOR
        arrival.save(update_fields=["tries", "taken_until"])
    return arrival


def _take(arrival: Arrival) -> None:
    if arrival.tries > len(TRY_AGAIN_AFTER) + 1:
        _failed(arrival, _("多次处理失败"))
        return
    connector = connector_of(arrival.hook.connector)
    if connector is None:
        _failed(arrival, _("没有安装这种接入"))
        return
    try:
        with transaction.atomic():
            still = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival.pk)
            if still.filter(state=ArrivalState.KEPT).first() is None:
                return
            outcome = connector.take(arrival)
            still.update(
                state=ArrivalState.TAKEN,
                outcome=outcome,
                error="",
                taken_until=None,
                complaint=arrival.complaint,
            )
    except Refused as refusal:  # what our own rules do not take is not taken by trying again
        _failed(arrival, str(refusal.sentence))
    except Exception as error:
        logger.exception("arrival %s could not be taken; it will be tried again", arrival.pk)
        _later(arrival, told_by(error))


def _failed(arrival: Arrival, why: str) -> None:
    """A person looks at it (渠道 › 接入记录); it can be taken again from there."""
    kept = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.KEPT)
    kept.update(state=ArrivalState.FAILED, error=why, taken_until=None)
    Hook.objects.filter(pk=arrival.hook_id).update(came_error=why)


def _later(arrival: Arrival, why: str) -> None:
    if arrival.tries > len(TRY_AGAIN_AFTER):
        _failed(arrival, why)
        return
    wait = timedelta(minutes=TRY_AGAIN_AFTER[arrival.tries - 1])
    kept = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.KEPT)
    kept.update(next_try_at=moment.now() + wait, error=why, taken_until=None)


def again(arrival: Arrival) -> bool:
    """Take a failed one once more."""
    failed = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.FAILED)
    return bool(failed.update(state=ArrivalState.KEPT, tries=0, next_try_at=moment.now(), error=""))
