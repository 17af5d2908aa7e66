"""A stand-in for an outside system: a real HTTP server that fails as real ones do.

`plan` says what the next requests meet, one word each; when it is used up, `then` counts. It pays
once for each id, however often it is asked, and keeps what it paid.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from huiyin.ground.webhooks.models import key_of
from huiyin.ground.webhooks.rules import signing


@dataclass
class Standin:
    secrets: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    then: str = "done"
    paid: dict[str, int] = field(default_factory=dict)  # by id
    seen: list[dict[str, Any]] = field(default_factory=list)
    unsigned: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer | None = None
    gate: threading.Event = field(default_factory=threading.Event)  # opened when something came

    @property
    def port(self) -> int:
        assert self.server is not None
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/refunds"

    @property
    def status_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/refunds/{{id}}"

    def __enter__(self) -> Standin:
        handler = type("Handler", (_Handler,), {"standin": self})
        self.server = _Quiet(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def next(self) -> str:
        with self.lock:
            return self.plan.pop(0) if self.plan else self.then

    def pay(self, uid: str, fen: int) -> None:
        with self.lock:
            self.paid.setdefault(uid, fen)

    def verifies(self, headers: Any, body: bytes) -> bool:
        keys = [key_of(secret) for secret in self.secrets]
        low = {name.lower(): value for name, value in headers.items()}
        return bool(signing.verified(keys, low, body, now=time.time()))


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_about: object) -> None:
        """Who hangs up in the middle is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    standin: Standin
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        told = json.loads(body)
        uid, data = told["id"], told["data"]
        with self.standin.lock:
            self.standin.seen.append({"id": uid, "told": told, "headers": dict(self.headers)})
        if not self.standin.verifies(self.headers, body):
            self.standin.unsigned += 1
            self._answer(401, {})
            return
        self.standin.gate.set()
        fen = data.get("amount_fen") or 0
        word = self.standin.next()
        done = {"status": "done", "reference": f"R-{uid[-6:]}", "amount_fen": fen}
        if word == "done":
            self.standin.pay(uid, fen)
            self._answer(200, done)
        elif word == "accepted":
            self.standin.pay(uid, fen)
            self._answer(202, {"status": "accepted"})
        elif word == "failed":
            self._answer(200, {"status": "failed", "reason": "账户已注销"})
        elif word == "lie":  # pays right, tells another sum
            self.standin.pay(uid, fen)
            self._answer(200, {**done, "amount_fen": fen * 10})
        elif word == "silent":  # done, but without a sum
            self._answer(200, {"status": "done", "reference": "R-1"})
        elif word == "lost":  # pays, and the answer never arrives
            self.standin.pay(uid, fen)
            self._reset()
        elif word == "reset":
            self._reset()
        elif word == "redirect":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.standin.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif word == "drip":
            self.standin.pay(uid, fen)
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _second in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
        elif word == "big":
            self.send_response(200)
            self.send_header("Content-Length", str(10_000_000))
            self.end_headers()
            self.wfile.write(b"x" * 200_000)
        elif word == "html":
            self._answer(200, None, raw=b"<html>ok</html>")
        else:
            self._answer(int(word), {"error": word})

    def do_GET(self) -> None:
        with self.standin.lock:
            self.standin.seen.append({"id": self.path, "told": None, "headers": dict(self.headers)})
        if not self.standin.verifies(self.headers, b""):
            self.standin.unsigned += 1
            self._answer(401, {})
            return
        uid = self.path.rsplit("/", 1)[-1]
        if uid not in self.standin.paid:
            self._answer(404, {})
            return
        fen = self.standin.paid[uid]
        self._answer(200, {"status": "done", "reference": "R-asked", "amount_fen": fen})

    def _answer(self, status: int, data: Any, raw: bytes | None = None) -> None:
        body = raw if raw is not None else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True
