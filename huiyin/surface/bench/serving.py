"""The web process of production, on a free port of this machine alone."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

START = 60  # seconds
INTERFACES = {
    "asgi": ("huiyin.asgi:application", "asginl"),
    "wsgi": ("huiyin.wsgi:application", "wsgi"),
}


@contextmanager
def served(interface: str, *, workers: int, threads: int) -> Iterator[tuple[int, int]]:
    """(port, process id) of a running server; ends with the block."""
    port = _free_port()
    application, name = INTERFACES[interface]
    command = [sys.executable, "-m", "granian", application, "--interface", name, "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += ["--log-level", "warning", "--workers-kill-timeout", "5"]
    if interface == "wsgi":
        command += ["--blocking-threads", str(threads)]
    process = subprocess.Popen(command)  # noqa: S603 — our own server
    try:
        _wait(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + START
    while time.monotonic() < limit and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start; its log above says why")
