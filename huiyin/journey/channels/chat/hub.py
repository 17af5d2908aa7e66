"""The one ear of this process for chats: what LISTEN hears goes to every open stream here.

A notice says only which chat and what; lines are read once for all its streams, in the order of
their ids (`Line`). No connection is held while a stream waits: reading is done by two threads that
give theirs back. What a lost notice would have told is found by looking again every few seconds,
and whenever the ear hears again after it was deaf.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import close_old_connections
from django.db.models import Q

from huiyin.journey.channels.chat import shown
from huiyin.journey.channels.chat.actions.distributing import served_by
from huiyin.journey.channels.chat.live import CHANNEL
from huiyin.journey.channels.chat.models import Chat, Line
from huiyin.journey.channels.chat.words import By

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.004  # notices of so long are answered by one question
LOOK_AGAIN_SECONDS = 5.0
HERE_SECONDS = 20.0
QUEUE_SECONDS = 6.0
REMEMBERED = 20_000  # chats whose last told line is known
FIRST_TELL = 10  # lines of a chat of which nothing was told yet
AT_ONCE = 200  # chats of one question
UNTOLD = -1  # a place in the queue that nobody has

Found = TypeVar("Found")
Told = dict[str, Any]


@dataclass(eq=False)
class Ear:
    """One open stream: of a visitor (one chat), or of somebody at the desk."""

    chat: int = 0  # the visitor's; at the desk the one that is looked at as a supervisor
    user: int = 0
    teams: frozenset[int] = frozenset()
    every: bool = False  # a manager: all teams
    said: asyncio.Queue[Told] = field(default_factory=lambda: asyncio.Queue(500))

    def hear(self, told: Told) -> None:
        """A reader that is this far behind has gone; when it comes back it asks what it missed."""
        if not self.said.full():
            self.said.put_nowait(told)


class Hub:
    def __init__(self) -> None:
        self.visitors: dict[int, set[Ear]] = defaultdict(set)
        self.desks: set[Ear] = set()
        self.told: OrderedDict[int, int] = OrderedDict()  # chat → the last line that was told
        self.notices: list[Told] = []
        self.places: dict[int, int | None] = {}  # chat → how many are before it, as told
        self.wake = asyncio.Event()
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="chat")

    @property
    def is_needed(self) -> bool:
        return bool(self.visitors or self.desks)

    # --- who listens ----------------------------------------------------------------------------

    def join(self, ear: Ear, since: int = 0) -> None:
        if ear.user:
            self.desks.add(ear)
        else:
            self.visitors[ear.chat].add(ear)
            self.told.setdefault(ear.chat, since)
        self._work()

    def _work(self) -> None:
        """Begin, or begin again, whatever rested while nobody listened."""
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self.loop, self.wake, self.tasks = loop, asyncio.Event(), {}
        for work in (self._listen, self._tell, self._look_again, self._count):
            task = self.tasks.get(work.__name__)
            if task is None or task.done():
                self.tasks[work.__name__] = loop.create_task(work())

    def leave(self, ear: Ear) -> None:
        self.desks.discard(ear)
        ears = self.visitors.get(ear.chat)
        if ears is not None:
            ears.discard(ear)
            if not ears:
                del self.visitors[ear.chat]
        if not self.is_needed:
            self.wake.set()

    async def read(self, ask: Callable[[], Found]) -> Found:
        """A question to the database, in a thread that gives its connection back."""

        def asked() -> Found:
            try:
                return ask()
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self.threads, asked)

    # --- what is heard --------------------------------------------------------------------------

    async def _listen(self) -> None:
        while self.is_needed:
            try:
                async with await psycopg.AsyncConnection.connect(
                    settings.DATABASE_DSN, autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self._anew(list(self.visitors))  # what came before we heard
                    while self.is_needed:
                        async for notice in listening.notifies(timeout=2):
                            self.notices.append(json.loads(notice.payload))
                            self.wake.set()
            except psycopg.Error:
                logger.warning("Chats wait for the database")
                await asyncio.sleep(2)

    def _anew(self, chats: Iterable[int]) -> None:
        self.notices.extend({"chat": pk, "what": "line", "line": 0} for pk in chats)
        self.wake.set()

    async def _look_again(self) -> None:
        """What nobody told us of: a process may die between its commit and its notice."""
        high, here_at = 0, 0.0
        while self.is_needed:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            try:
                newest = await self.read(partial(_newest, high))
                high = max([high, *newest.values()])
                self._anew(pk for pk, line in newest.items() if self._is_behind(pk, line))
                if time.monotonic() - here_at > HERE_SECONDS:
                    here_at = time.monotonic()
                    await self.read(lambda: _are_here(list(self.visitors)))
            except Exception:
                logger.warning("Chats could not look again", exc_info=True)

    def _is_behind(self, chat: int, line: int) -> bool:
        return chat in self.visitors and self.told.get(chat, 0) < line

    async def _count(self) -> None:
        """Whoever waits is told his place, whenever it changes."""
        while self.is_needed:
            await asyncio.sleep(QUEUE_SECONDS)
            try:
                places = await self.read(_places)
            except Exception:
                logger.warning("Chats could not count the queue", exc_info=True)
                continue
            for chat in self.visitors.keys() & places.keys():
                if self.places.get(chat, UNTOLD) != places[chat]:
                    self._to_visitors(chat, {"event": "place", "ahead": places[chat]})
            self.places = places

    # --- what is told ---------------------------------------------------------------------------

    async def _tell(self) -> None:
        while self.is_needed:
            await self.wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self.wake.clear()
            notices, self.notices = self.notices, []
            for start in range(0, len(notices), AT_ONCE):
                try:
                    await self._pass_on(notices[start : start + AT_ONCE])
                except Exception:
                    logger.warning("Chats could not be told", exc_info=True)
                    self._anew({one["chat"] for one in notices[start : start + AT_ONCE]})
                    await asyncio.sleep(1)

    async def _pass_on(self, notices: list[Told]) -> None:
        for one in notices:
            if one["what"] in ("typing", "seen"):
                told = {"event": one["what"], "side": one["side"], "line": one["line"]}
                self._to_visitors(one["chat"], told)
            self._to_desks(one)
        lines = {one["chat"] for one in notices if one["what"] == "line"}
        lines = {pk for pk in lines if pk in self.visitors}
        if lines:
            since = {pk: self.told.get(pk, 0) for pk in lines}
            for line in await self.read(lambda: lines_since(since)):
                self._remember(line["chat"], line["id"])
                if line["kind"] != By.WHISPER:
                    self._to_visitors(line["chat"], {"event": "line", **shown.of_visitor(line)})
        states = {one["chat"] for one in notices if one["what"] == "state"} & set(self.visitors)
        if states:
            for pk, state in (await self.read(lambda: shown.states(states))).items():
                self._to_visitors(pk, {"event": "state", **state})

    def _remember(self, chat: int, line: int) -> None:
        self.told[chat] = max(self.told.get(chat, 0), line)
        self.told.move_to_end(chat)
        while len(self.told) > REMEMBERED:
            oldest = next(iter(self.told))
            if oldest in self.visitors:
                self.told.move_to_end(oldest)
            else:
                del self.told[oldest]

    def _to_visitors(self, chat: int, told: Told) -> None:
        for ear in self.visitors.get(chat, ()):
            ear.hear(told)

    def _to_desks(self, notice: Told) -> None:
        """Only that something happened, and where; the desk asks again what it may see."""
        if "uid" not in notice:
            return
        told = {"event": "changed", **{k: notice[k] for k in ("uid", "what", "line", "side")}}
        for ear in self.desks:
            own = notice["agent"] == ear.user or notice["chat"] == ear.chat
            near = ear.every or notice["team"] is None or notice["team"] in ear.teams
            if own or (near and notice["what"] in ("line", "state")):
                ear.hear({**told, "own": own})


def lines_since(since: dict[int, int]) -> list[Told]:
    """Lines of these chats after the last that was told of each, in their order."""
    wanted = Q(pk__in=[])
    for chat, line in since.items():
        wanted |= Q(chat=chat, pk__gt=line)
    rows = Line.objects.filter(wanted).order_by("pk").select_related("by", "file")
    return [shown.line(row) for row in rows]


def _newest(high: int) -> dict[int, int]:
    """Chat → its last line, of the chats that were spoken in lately."""
    rows = Line.objects.filter(pk__gt=high - 1000) if high else Line.objects.order_by("-pk")[:1000]
    found: dict[int, int] = {}
    for chat, line in rows.values_list("chat", "pk"):
        found[chat] = max(line, found.get(chat, 0))
    return found


def _are_here(chats: list[int]) -> None:
    from huiyin.ground import moment

    Chat.objects.live().filter(pk__in=chats).update(visitor_here_at=moment.now())


def _places() -> dict[int, int | None]:
    """Chat → how many of the same team are served before it; None while nobody would serve it."""
    before: dict[int | None, int] = defaultdict(int)
    served = served_by()
    places: dict[int, int | None] = {}
    for pk, team in Chat.objects.waiting().values_list("pk", "team")[:5000]:
        places[pk] = before[team] if served(team) else None
        before[team] += 1
    return places


hub = Hub()
