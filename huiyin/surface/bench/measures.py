"""What is measured, one row after the other, with the two limits beside it: the disk and Django."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from huiyin.surface.bench import processes
from huiyin.surface.bench.generator import texts
from huiyin.surface.bench.load import Act, Client, Request, closed_loop
from huiyin.surface.bench.scene import Scene, check_search

CLIENTS = (1, 8)
WARM_UP = 0.5  # seconds before each measure: templates compiled, plans made, pages cached


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds, CPU per request."""

    what: str
    clients: int
    p50: float
    p95: float
    per_second: float
    app_cpu: float | None
    db_cpu: float | None
    note: str = ""


@dataclass
class Bench:
    scene: Scene
    port: int
    app: int
    seconds: float
    postmaster: int | None = None

    def rows(self) -> Iterator[Row]:
        """Lazily: each row is there as soon as it is measured."""
        self.postmaster = _postmaster()
        yield from self._durable_insert()
        empty = Request("GET", "/healthz", {})
        scene = self.scene
        yield from self._page("empty view", empty)
        yield from self._page("queue", scene.queue())
        yield from self._page("queue, all open", scene.open_queue())
        yield from self._page("complaint", scene.complaint())
        for name, word in (("common", scene.common), ("rare", scene.rare)):
            client = Client(self.port)
            note = f"{word}: {check_search(client, scene, word):,} hits, as LIKE"
            client.close()
            search = scene.search(word, scene.manager)
            yield from self._page(f"search, {name} word", search, note)
        note = "of what an agent may see"
        yield from self._page("search, agent", scene.search(scene.common, scene.agent), note)
        yield from self._page("board", scene.board())
        yield from self._intake()

    def _page(self, what: str, request: Request, note: str = "") -> Iterator[Row]:
        def make_act() -> Act:
            client = Client(self.port)
            return lambda: void(client.ask(request))

        return self._measured(what, make_act, note)

    def _intake(self) -> Iterator[Row]:
        chance = Random(2)  # noqa: S311 — plausible, not secret
        pool = texts.pool(300, chance)

        def make_act() -> Act:
            client = Client(self.port)

            def act() -> None:
                phone = secrets.randbelow(10**8)
                client.ask(self.scene.intake(secrets.choice(pool), phone))

            return act

        return self._measured("intake", make_act, "triage, clocks, story, routing")

    def _durable_insert(self) -> Iterator[Row]:
        """The least that any act can cost: one row, on the disk."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS bench_limit (id bigserial, text text)")

        def make_act() -> Act:
            own = psycopg.connect(settings.DATABASE_DSN, autocommit=True)
            words = "一行" * 50
            return lambda: void(own.execute("INSERT INTO bench_limit (text) VALUES (%s)", [words]))

        yield from self._measured("one-row insert", make_act, f"fsync {_setting('fsync')}")
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_limit")

    def _measured(self, what: str, make_act: Callable[[], Act], note: str) -> Iterator[Row]:
        for clients in CLIENTS:
            closed_loop(make_act, clients=clients, seconds=min(WARM_UP, self.seconds))
            app, db = processes.cpu_seconds(self.app), processes.cpu_seconds(self.postmaster)
            run = closed_loop(make_act, clients=clients, seconds=self.seconds)
            done = len(run.latencies)
            yield Row(
                what,
                clients,
                p50=run.quantile(0.5),
                p95=run.quantile(0.95),
                per_second=run.per_second,
                app_cpu=_each(app, processes.cpu_seconds(self.app), done),
                db_cpu=_each(db, processes.cpu_seconds(self.postmaster), done),
                note=note,
            )


def void(_answer: object) -> None:
    """An answer that nobody looks at."""


def _each(before: float | None, after: float | None, count: int) -> float | None:
    """Milliseconds for each of `count`."""
    return None if before is None or after is None else 1000 * (after - before) / max(count, 1)


def _postmaster() -> int | None:
    """The database's main process when it runs on this machine and lets us look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr()")
        backend, address = cursor.fetchone()
    try:
        return None if address else processes.parent(backend)
    except OSError:
        return None


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def about() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load": os.getloadavg()[0],
        "postgresql": _setting("server_version"),
        "shared_buffers": _setting("shared_buffers"),
        "fsync": _setting("fsync"),
        "synchronous_commit": _setting("synchronous_commit"),
    }


def as_json(rows: list[Row], **more: Any) -> dict[str, Any]:
    return {**more, "rows": [asdict(row) for row in rows]}
