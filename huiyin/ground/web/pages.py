"""ASGI in front, ordinary synchronous Django behind: one thread for the whole of a request.

Django's own ASGI handler takes each piece of middleware and the view over to a thread and back;
that costs more than many a page does itself (docs/performance.md). Pages have nothing to await.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import FileResponse, HttpResponseBase
from django.urls import set_script_prefix

# Below the 20 database connections that the launcher lets a web process keep (HUIYIN_POOL).
THREADS = 16
EVENTS = "text/event-stream"


class PagesHandler(ASGIHandler):
    """Everything but streams that stay open."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self.threads, self.answer, scope, body)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
            response.streaming_content = self._pieces(iter(response))
        try:
            if response.headers.get("Content-Type", "").startswith(EVENTS):
                await _until_gone(self.send_response(response, send), receive)
            else:
                await self.send_response(response, send)
        finally:
            if response.streaming:
                await loop.run_in_executor(self.threads, response.close)

    async def _pieces(self, file: Iterator[bytes]) -> AsyncIterator[bytes]:
        """A file piece by piece; Django would collect it whole before it sends the first."""
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(self.threads, next, file, b""):
            yield piece

    def answer(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        """From the first byte to the whole answer, signals and connections included."""
        set_script_prefix(get_script_prefix(scope))  # type: ignore[no-untyped-call]
        signals.request_started.send(sender=self.__class__, scope=scope)
        with body:
            request, refusal = self.create_request(scope, body)
            response: HttpResponseBase = refusal or self.get_response(request)  # type: ignore[arg-type]
            if response.streaming:  # it is sent from elsewhere; this thread asks no more
                close_old_connections()
            else:
                response.close()  # the request is over: connections go back to the pool
        return response


async def _until_gone(sending: Coroutine[Any, Any, None], receive: Any) -> None:
    """A stream that stays open ends with its reader: whoever sends into a closed connection does
    not hear of it."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.create_task(sending), asyncio.create_task(gone())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()  # a fault of ours is told
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
