"""Live pages: persist first, tell after. The one module that knows the transport.

`tell` says only that something about a complaint changed; what it is, each page asks for again
through `visible_to`. So the stream can leak nothing but a heartbeat. LISTEN/NOTIFY between
processes, server-sent events to the browser. `tell_person` says to one person alone that something
of his own changed (`PERSONAL`): a call that rings, a visitor who waits for him.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint

logger = logging.getLogger(__name__)

CHANNEL = "huiyin_live"
LIFETIME_SECONDS = 55  # then the browser reconnects, and who may see what is asked again
QUEUE_PAUSE_SECONDS = 2.0  # a list is told at most this often
HEARTBEAT_SECONDS = 15
PERSONAL = ("call", "chat")  # what a person can be told of; the page asks for it again, as himself
LISTENING = 0  # no complaint's key: from now on nothing is missed; before, something may have been


def tell(complaint_id: int) -> None:
    """After commit: wake whoever looks. A lost notice costs a late refresh, no more."""
    _announce(str(complaint_id))


def tell_person(user_id: int, kind: str) -> None:
    """After commit: wake the pages of this person. `kind` is one of PERSONAL."""
    if kind not in PERSONAL:
        raise ValueError(kind)
    _announce(f"{kind}:{user_id}")


def _announce(payload: str) -> None:
    if not settings.LIVE:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    except Exception:
        logger.warning("Could not announce a change of %s", payload)


class Hub:
    """One listening connection per process, fanned out to every open stream."""

    def __init__(self) -> None:
        self.queues: set[asyncio.Queue[int | str]] = set()
        self.listener: asyncio.Task[None] | None = None
        self.hears = False

    def join(self) -> asyncio.Queue[int | str]:
        queue: asyncio.Queue[int | str] = asyncio.Queue(maxsize=1000)
        self.queues.add(queue)
        if self.hears:
            queue.put_nowait(LISTENING)
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self.listen())
        return queue

    async def listen(self) -> None:
        while self.queues:
            try:
                async with await psycopg.AsyncConnection.connect(
                    settings.DATABASE_DSN, autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self.hears = True
                    self.fan_out(LISTENING)
                    while self.queues:
                        async for notice in listening.notifies(timeout=HEARTBEAT_SECONDS):
                            self.fan_out(_read(notice.payload))
            except psycopg.Error:
                logger.warning("Live pages wait for the database")
                self.hears = False
                await asyncio.sleep(2)
        self.hears = False

    def fan_out(self, told: int | str) -> None:
        for queue in self.queues:
            if not queue.full():  # a reader that is this far behind will refresh anyway
                queue.put_nowait(told)


def _read(payload: str) -> int | str:
    """A complaint's key, or “call:7” for one person."""
    return int(payload) if payload.isdecimal() else payload


hub = Hub()


async def stream(request: HttpRequest) -> HttpResponseBase:
    """GET /live/?complaint=TS2026-000123: `listening` when the page should ask whether it missed
    something until now, `queue` when any list may have changed, `complaint` when the one that is
    looked at did, `call` when a call of this very person did."""
    user = await request.auser()
    if not isinstance(user, User):
        return HttpResponse(status=401)
    number = request.GET.get("complaint", "")
    watched = await sync_to_async(_watched)(user, number) if number else None

    async def still_sees() -> bool:
        fresh = await User.objects.aget(pk=user.pk)
        return await sync_to_async(_watched)(fresh, number) is not None

    response = StreamingHttpResponse(
        _events(watched, still_sees, user.pk), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _watched(user: User, number: str) -> int | None:
    visible = Complaint.objects.visible_to(user)  # asks the database for teams and names
    return visible.filter(number=number).values_list("pk", flat=True).first()


async def _events(
    watched: int | None, still_sees: Callable[[], Awaitable[bool]], person: int = 0
) -> AsyncIterator[str]:
    queue = hub.join()
    ends_at = time.monotonic() + LIFETIME_SECONDS
    told_queue_at, beat_at = 0.0, time.monotonic()
    pending = False
    try:
        yield "retry: 2000\n\n"
        while (now := time.monotonic()) < ends_at:
            wait = QUEUE_PAUSE_SECONDS if pending else HEARTBEAT_SECONDS
            try:
                changed = await asyncio.wait_for(queue.get(), timeout=min(wait, ends_at - now))
                if changed == LISTENING:
                    yield "event: listening\ndata: 1\n\n"
                    continue
                if isinstance(changed, str):  # of one person: nobody else hears even that
                    kind, _colon, whom = changed.partition(":")
                    if whom == str(person) and kind in PERSONAL:
                        yield f"event: {kind}\ndata: 1\n\n"
                    continue
                pending = True
                # Whoever was barred since hears no more of it, not even that something happened.
                if changed == watched and await still_sees():
                    yield "event: complaint\ndata: 1\n\n"
            except TimeoutError:
                pass
            now = time.monotonic()
            if pending and now - told_queue_at >= QUEUE_PAUSE_SECONDS:
                yield "event: queue\ndata: 1\n\n"
                told_queue_at, pending = now, False
            elif now - beat_at > HEARTBEAT_SECONDS:
                yield ": beat\n\n"
                beat_at = now
    finally:
        hub.queues.discard(queue)
