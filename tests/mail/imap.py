"""A real IMAP server (pymap, in memory) in a process of its own, and what a sender does to it."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "service@example.com", "correct horse"


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def deliver(self, *mails: bytes, seen: bool = False) -> None:
        client = self.client()
        for raw in mails:
            status, _said = client.append("INBOX", "(\\Seen)" if seen else "", None, raw)
            assert status == "OK"
        client.logout()

    def unseen(self, folder: str = "INBOX") -> int:
        client = self.client()
        client.select(folder, readonly=True)
        _status, found = client.search(None, "UNSEEN")
        client.logout()
        return len(found[0].split())

    def count(self, folder: str = "INBOX") -> int:
        client = self.client()
        _status, found = client.select(folder, readonly=True)
        client.logout()
        return int(found[0] or 0)


@contextmanager
def server(*, cert: Path | None = None, key: Path | None = None) -> Iterator[Server]:
    port = free_port()
    tls = ["--cert", str(cert), "--key", str(key)] if cert else ["--no-tls"]
    argv = [sys.executable, "-c", "from pymap.main import main; main()"]
    argv += ["--host", "127.0.0.1", "--port", str(port), *tls]
    argv += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield Server(port, process)
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process is None or process.poll() is None, "the server ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("nobody listens")


@dataclass
class Line:
    """A line to a server on which so many bytes of its answers arrive at a time."""

    server: int
    most: int
    port: int = 0
    said: bytes = b""

    def idles(self, times: int) -> bool:
        """Whether the server has been asked to tell of news so many times, and agreed."""
        ends = time.monotonic() + 60
        while (agreed := self.said.count(b"+ Idling")) < times and time.monotonic() < ends:
            time.sleep(0.02)
        return agreed >= times

    def answer(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client = listening.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.server))
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for way in ((client, server, 4096), (server, client, self.most)):
                    threading.Thread(target=self._pass_on, args=way, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, most: int) -> None:
        with suppress(OSError), source:
            while some := source.recv(most):
                target.sendall(some)
                if most == self.most:
                    self.said += some
                    time.sleep(0.005)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)  # ends the wait of the other direction too


@contextmanager
def line(to: int, *, most: int) -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        passing = Line(to, most, int(listening.getsockname()[1]))
        threading.Thread(target=passing.answer, args=(listening,), daemon=True).start()
        yield passing
        listening.shutdown(socket.SHUT_RDWR)


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])
