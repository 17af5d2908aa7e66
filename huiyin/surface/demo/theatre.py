"""The clock of the demonstration: many stories told at once, in the order of their moments.

A story is a generator: it acts, then yields the moment at which it wants to go on. Between two
acts the clocks are swept and followers run, as the worker would do it, inside the moved time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, LiteralString

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app

from huiyin.ground import moment
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Clock
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.events import flow, run_later
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.survey import actions as survey
from huiyin.surface.notices import actions as notices
from huiyin.surface.notices import reminding
from huiyin.surface.portal import actions as portal

Acts = Iterator[datetime]
Dues = dict[str, tuple[datetime, datetime]]  # kind of a running clock: started, due
SEAL_EVERY = timedelta(hours=24)
BELLS_RING_FOR = timedelta(days=5)
LETTERS = (survey.invite, notices.thank_customer, notices.tell_customer_result, portal.send_code)


@cache
def _lettered() -> list[What]:
    """The events that a letter may follow."""
    return [what for what, follow in flow().items() if set(LETTERS) & set(follow.later)]


class Promises(BaseConnector):
    """A queue that only notes which events have followers, for they run here and now."""

    def __init__(self) -> None:
        self.events: list[int] = []

    def get_sync_connector(self) -> BaseConnector:
        return self

    def execute_query_all(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        jobs = arguments["jobs"]
        self.events += [job.args["event_id"] for job in jobs if "event_id" in job.args]
        return [{"id": number} for number, _job in enumerate(jobs, 1)]


class Theatre:
    def __init__(self, began: datetime, ends: datetime, progress: Callable[[int], None] | None):
        self.began, self.ends = began, ends
        self.progress = progress
        self.percent = 0
        self.promises = Promises()
        self._order = count()
        self._stage: list[tuple[datetime, int, Acts]] = []
        self._alarms: list[tuple[datetime, int]] = []
        self._latest: dict[int, set[datetime]] = {}  # what the clocks of each complaint wait for

    def queue(self) -> AbstractContextManager[object]:
        """Inside, jobs are promises to this theatre instead of rows for the worker."""
        return app.replace_connector(self.promises)

    def enter(self, when: datetime, acts: Acts) -> None:
        heapq.heappush(self._stage, (when, next(self._order), acts))

    def play(self) -> None:
        """Live until the end; whoever wants to go on later than that stays where he is."""
        self.enter(self.began + SEAL_EVERY, self._seal())
        while self._stage and self._stage[0][0] <= self.ends:
            when, _order, acts = heapq.heappop(self._stage)
            self._sweep(until=when)
            with moment.at(when):
                again = next(acts, None)
                self._follow()
            if again is not None:
                self.enter(max(again, when), acts)
            self._tell(when)
        self._sweep(until=self.ends)

    def _seal(self) -> Acts:
        while True:
            closure.archive_due()
            yield moment.now() + SEAL_EVERY

    def _sweep(self, *, until: datetime) -> None:
        """Every warning and miss at its own moment."""
        while self._alarms and self._alarms[0][0] <= until:
            when, complaint = heapq.heappop(self._alarms)
            if when in self._latest.get(complaint, ()):
                with moment.at(when):
                    clocks.sweep()
                    self._follow()

    def _follow(self) -> None:
        """What the worker would do now. Of old days only letters: a bell forgets them anyway."""
        if moment.now() > self.ends - BELLS_RING_FOR:
            while self.promises.events:
                run_later(self.promises.events.pop(0))
            reminding.tell_waiting()
            return
        while told := self.promises.events:
            self.promises.events = []
            self._write_letters(told)

    def _write_letters(self, told: list[int]) -> None:
        """One question for all that one act has told; most of it writes no letter."""
        wanted = Event.objects.filter(pk__in=told, what__in=_lettered()).order_by("pk")
        for event in wanted.select_related("complaint__customer"):
            for follower in flow()[What(event.what)].later:
                if follower in LETTERS:
                    follower(event)

    def clocks_of(self, complaint: int) -> Dues:
        """The running clocks after an act; their warnings and misses will be swept in time."""
        running = Clock.objects.running().filter(complaint=complaint).order_by()
        rows = running.values_list("kind", "started_at", "warn_at", "due_at")
        dues, alarms = {}, set()
        for kind, started, warn, due in rows:
            dues[kind] = (started, due)
            alarms |= {when for when in (warn, due) if when > moment.now()}
        for when in alarms - self._latest.get(complaint, set()):
            heapq.heappush(self._alarms, (when, complaint))
        self._latest[complaint] = alarms
        return dues

    def _tell(self, when: datetime) -> None:
        percent = int(100 * (when - self.began) / (self.ends - self.began)) // 10 * 10
        if self.progress and percent > self.percent:
            self.percent = percent
            self.progress(percent)
