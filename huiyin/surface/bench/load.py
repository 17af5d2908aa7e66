"""A closed loop: each client asks again as soon as it has its answer. Bounded in time."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 30  # seconds for one answer; beyond that the measure fails

Act = Callable[[], None]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class BenchError(Exception):
    """An answer that is no answer: the figures would be of an error page."""


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(self, request: Request) -> bytes:
        self.connection.request(request.method, request.path, request.body or None, request.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 201):
            raise BenchError(f"{request.method} {request.path}: {answer.status} {body[:300]!r}")
        return body

    def close(self) -> None:
        self.connection.close()


@dataclass
class Run:
    """What one loop has shown. Latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failure: str = ""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        ranked = sorted(self.latencies)
        return 1000 * ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else 0.0


def closed_loop(make_act: Callable[[], Act], *, clients: int, seconds: float) -> Run:
    """`clients` threads, each with an act of its own, until the time is over."""
    run = Run()
    until = time.monotonic() + seconds
    gate = threading.Barrier(clients + 1)

    def work() -> None:
        try:
            act = make_act()
            gate.wait()
            while (began := time.monotonic()) < until and not run.failure:
                act()
                run.latencies.append(time.monotonic() - began)
        except Exception as error:
            run.failure = f"{type(error).__name__}: {error}"
            gate.abort()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    try:
        gate.wait(PATIENCE)
    except threading.BrokenBarrierError:
        run.failure = run.failure or "the clients did not start"
    for thread in threads:
        thread.join(seconds + PATIENCE)
    run.seconds = time.monotonic() - began
    if run.failure:
        raise BenchError(run.failure)
    return run
