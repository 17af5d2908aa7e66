"""A house of its own whose web process and workers die over and over, and are begun anew."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from huiyin.ground.throwaway import throwaway

logging.getLogger("httpx").setLevel(logging.WARNING)  # thousands of requests
ROOT = Path(__file__).parent.parent.parent
SERVE = (
    *("-m", "granian", "tests.channels.mortal_web:application", "--interface", "asginl"),
    *("--no-ws", "--log-level", "critical", "--port"),
)
WORK = ("-m", "tests.channels.mortal")


@dataclass
class House:
    url: str
    env: dict[str, str]
    folder: Path
    deaths: int = 0
    faults: list[str] = field(default_factory=list)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def do(self, code: str) -> str:
        """What is set up, or counted, in a process that lives."""
        argv = [sys.executable, "-m", "django", "shell", "-v0", "-c", code]
        done = subprocess.run(argv, env=self.env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def each(self, codes: list[str]) -> list[Any]:
        """What each of them says: `told`. In one process, since Django takes long to begin."""
        code = (
            "import json\n"
            f"for code in {codes!r}:\n"
            "    known = {'told': {}}\n"
            "    exec(code, known)\n"
            "    print('told ' + json.dumps(known['told']))"
        )
        lines = self.do(code).splitlines()
        return [json.loads(line[5:]) for line in lines if line.startswith("told ")]

    def ask(self, sql: str) -> Any:
        """One value, straight from the database."""
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None

    def client(self) -> httpx.Client:
        """Each request on a connection of its own: those of the dead are gone."""
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=self.url, timeout=10, limits=limits)

    def begin(self, port: int) -> None:
        self.start("web", *SERVE, str(port))
        for worker in ("worker 1", "worker 2"):
            self.start(worker, *WORK)

    def start(self, name: str, *arguments: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        argv = [sys.executable, *arguments]
        self.running[name] = subprocess.Popen(
            argv, env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def look_after(self) -> None:
        """Until it is over: whoever died is begun anew. A worker that ends by itself is a fault."""
        while not self.over.wait(0.02):
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                self.deaths += 1
                if name.startswith("worker") and process.returncode != -9:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    self.faults.append(f"{name} {process.returncode}\n{log[-3000:]}")
                arguments = [str(one) for one in process.args[1:]]  # type: ignore[index]
                self.start(name, *arguments)

    def end(self) -> None:
        self.over.set()
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait(20)


@contextmanager
def mortal_house(folder: Path, chance: float, *inner: int) -> Iterator[House]:
    """`inner`: ports of our own that it may call."""
    template = os.environ["HUIYIN_TEST_TEMPLATE"]
    with (
        throwaway(os.environ["DATABASE_URL"], "mortal", template) as address,
        _serving(folder, address, chance, *inner) as house,
    ):
        yield house


@contextmanager
def _serving(folder: Path, address: str, chance: float, *inner: int) -> Iterator[House]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "DATABASE_URL": address,
        "HUIYIN_DATA": str(folder),
        "HUIYIN_LOG_LEVEL": "CRITICAL",
        "HUIYIN_ALLOWED_HOSTS": "127.0.0.1",
        "HUIYIN_TRUSTED_PROXIES": "1",  # so that customers come from addresses of their own
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "PYTHONPATH": str(ROOT),
        "HUIYIN_WEBHOOK_INNER_HOSTS": ",".join(f"127.0.0.1:{port}" for port in inner),
        "MORTAL": str(chance),
    }
    house = House(f"http://127.0.0.1:{port}", env, folder)
    keeper = threading.Thread(target=house.look_after, daemon=True)
    try:
        house.begin(port)
        _wait_for(house)
        keeper.start()
        yield house
    finally:
        house.end()
        keeper.join(20)


def _wait_for(house: House) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(httpx.HTTPError), house.client() as client:
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the web process does not answer")
