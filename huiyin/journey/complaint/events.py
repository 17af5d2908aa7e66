"""The story, and what follows from it. `flow.py` is the table; here is how it is carried out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import What

logger = logging.getLogger(__name__)

Follower = Callable[[Event], object]


@dataclass(frozen=True)
class Follow:
    """`now` shares the event's transaction; `later` runs in the worker and may be retried."""

    now: tuple[Follower, ...] = ()
    later: tuple[Follower, ...] = ()


def frozen(label: object) -> str:
    """A label as the story keeps it: in the language of the house, whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)


@cache
def flow() -> dict[What, Follow]:
    """The table of consequences; loaded by name, since it knows every stage and we know none."""
    table: dict[What, Follow] = import_string(settings.FLOW)
    return table


def record(what: What, complaint: Complaint, *, by: User, **facts: object) -> Event:
    """Write one line of the complaint's story; call it last, inside the action's transaction."""
    now = moment.now()
    event = Event(what=what, complaint=complaint, by=by, at=now, facts=facts)
    born = not complaint._state.adding
    if born:
        event.add()
    else:
        complaint.story_at_birth.append(event)  # written by `arrive`, all at once
        complaint.last_activity_at = now
    follow = flow()[what]
    for follower in follow.now:
        follower(event)
    if follow.later and born:
        promise([event])
    _tell_after_commit(complaint.pk)
    return event


def promise(events: Iterable[Event]) -> None:
    """One job for each event that something follows later.

    The queue is a table of this database, so the promise commits with the fact.
    """
    from huiyin.journey.complaint.tasks import follow_later

    told = (event for event in events if flow()[What(event.what)].later)
    jobs: list[dict[str, Any]] = [{"event_id": event.pk} for event in told]
    if jobs:
        follow_later.batch_defer(*jobs)


def _tell_after_commit(complaint_id: int) -> None:
    """Once a transaction, however much it records: a page asks again only once."""
    waiting = (hook for _sids, hook, _robust in transaction.get_connection().run_on_commit)
    if not any(isinstance(h, partial) and h.args == (complaint_id,) for h in waiting):
        transaction.on_commit(partial(_tell_live, complaint_id))


def _tell_live(complaint_id: int) -> None:
    from huiyin.journey.complaint import live

    live.tell(complaint_id)


def run_later(event_id: int) -> None:
    """Run every `later` follower of an event. Each may run twice; one that fails stops no other."""
    event = Event.objects.select_related("complaint", "by").get(pk=event_id)
    failed: list[Exception] = []
    for follower in flow()[What(event.what)].later:
        try:
            with transaction.atomic():
                follower(event)
        except Exception as error:
            logger.exception("%s could not follow event %s", follower.__name__, event_id)
            failed.append(error)
    if failed:
        raise failed[0]
