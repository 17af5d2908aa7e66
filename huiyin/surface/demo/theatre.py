"""The clock of the demonstration: many stories told at once, in the order of their moments.

A story is a generator: it acts, then yields the moment at which it wants to go on. Between two
acts the clocks are swept and followers run, as the worker would do it, inside the moved time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from huiyin.ground import moment
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.clocks.models import Clock
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.events import flow, run_later
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What

Acts = Iterator[datetime]
SEAL_EVERY = timedelta(hours=24)


class Theatre:
    def __init__(self, began: datetime, ends: datetime, progress: Callable[[int], None] | None):
        self.began, self.ends = began, ends
        self.progress = progress
        self.percent = 0
        self.last_event = 0
        self._order = count()
        self._stage: list[tuple[datetime, int, Acts]] = []
        self._alarms: list[tuple[datetime, int]] = []
        self._latest: dict[int, set[datetime]] = {}  # of each complaint, what its clocks wait for

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
        """What the worker would do now: jobs of new events. Then set the alarms of their clocks."""
        while new := list(
            Event.objects.filter(pk__gt=self.last_event)
            .order_by("pk")
            .values_list("pk", "what", "complaint_id")
        ):
            self.last_event = new[-1][0]
            for pk, what, _complaint in new:
                if flow()[What(what)].later:
                    run_later(pk)
            self._watch({complaint for _pk, _what, complaint in new})

    def _watch(self, complaints: set[int]) -> None:
        for complaint in complaints:
            self._latest[complaint] = set()
        running = Clock.objects.running().filter(complaint__in=complaints, missed_at=None)
        for complaint, warn, due, warned in running.values_list(
            "complaint_id", "warn_at", "due_at", "warned_at"
        ):
            for when in (due,) if warned else (warn, due):
                self._latest[complaint].add(when)
                heapq.heappush(self._alarms, (when, complaint))

    def _tell(self, when: datetime) -> None:
        percent = int(100 * (when - self.began) / (self.ends - self.began)) // 10 * 10
        if self.progress and percent > self.percent:
            self.percent = percent
            self.progress(percent)
