"""manage work: the worker. Jobs from the queue, and what happens by itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

if TYPE_CHECKING:
    from collections.abc import Callable

    from huiyin.schedule import Every

logger = logging.getLogger(__name__)

MOST_LANES = 40  # threads of one entry at a time; the others begin when one of them has ended


def schedule() -> tuple[Every, ...]:
    """By name, as the flow is: the table knows every stage, and no stage knows the table."""
    table: tuple[Every, ...] = import_string(settings.SCHEDULE)
    return table


class Command(BaseCommand):
    help = (
        "Run the worker: carries out jobs of the queue and the schedule of huiyin/schedule.py. "
        "Start as many as you like on one database: each job is taken by one of them, and every "
        "scheduled act is safe to run twice. Ends on SIGTERM after the job at hand."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time")
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for entry in schedule():
                entry.do()
            self._work(concurrency=options["concurrency"], wait=False)
            return
        stop = threading.Event()
        for entry in schedule():
            threading.Thread(target=_repeat, args=(entry, stop), daemon=True).start()
        try:
            self._work(concurrency=options["concurrency"], wait=True)
        finally:
            stop.set()

    def _work(self, *, concurrency: int, wait: bool) -> None:
        worker_app = app.with_connector(cast(DjangoConnector, app.connector).get_worker_connector())

        async def run() -> None:
            async with worker_app.open_async():
                working = asyncio.create_task(
                    worker_app.run_worker_async(
                        concurrency=concurrency,
                        wait=wait,
                        install_signal_handlers=True,
                        delete_jobs="successful",
                        listen_notify=True,
                    )
                )
                retrying = asyncio.create_task(_retry_stalled(worker_app))
                try:
                    await working
                finally:
                    retrying.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await retrying

        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(run())


async def _retry_stalled(worker_app: Any) -> None:
    """A job whose worker was killed is taken up again."""
    while True:
        try:
            for job in await worker_app.job_manager.get_stalled_jobs():
                await worker_app.job_manager.retry_job(job)
        except Exception:
            logger.exception("Could not look for stalled jobs")
        await asyncio.sleep(20)


def _repeat(entry: Every, stop: threading.Event) -> None:
    """Run one entry of the schedule for ever; a failure is logged and tried again next time."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    running: dict[str, threading.Thread] = {}
    while not stop.is_set():
        began = time.monotonic()
        _safely(entry, entry.do if entry.lanes is None else lambda: _begin(entry, running))
        stop.wait(max(1.0, entry.interval.total_seconds() - (time.monotonic() - began)))


def _begin(entry: Every, running: dict[str, threading.Thread]) -> None:
    """Each lane in a thread of its own, and none twice at a time: one that hangs is left alone.
    `running` keeps them in the order in which they were begun last, so that each has its turn."""
    lanes = entry.lanes() if entry.lanes else {}
    turns = {name: turn for turn, name in enumerate(running)}
    free = MOST_LANES - sum(thread.is_alive() for thread in running.values())
    for name in sorted(lanes, key=lambda name: turns.get(name, -1)):
        if free <= 0:
            break
        if (before := running.pop(name, None)) is not None and before.is_alive():
            running[name] = before
            continue
        running[name] = threading.Thread(target=_safely, args=(entry, lanes[name]), daemon=True)
        running[name].start()
        free -= 1
    for name in [name for name in running if name not in lanes and not running[name].is_alive()]:
        del running[name]


def _safely(entry: Every, act: Callable[[], object]) -> None:
    try:
        close_old_connections()
        act()
    except Exception:
        logger.exception("%s failed; it will run again", entry.do.__name__)
    finally:
        # There is a thread for each entry: between two runs it holds no connection.
        connections.close_all()
