"""A house of its own whose web process and workers die over and over, and are begun anew."""

from __future__ import annotations

import json
import os
import secrets
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
from psycopg.conninfo import conninfo_to_dict, make_conninfo

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
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def do(self, code: str) -> str:
        """What is set up, or counted, in a process that lives."""
        argv = [sys.executable, "-m", "django", "shell", "-v0", "-c", code]
        done = subprocess.run(argv, env=self.env, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def told(self, code: str) -> Any:
        """The last line that the code prints, which is JSON."""
        return json.loads(self.do(code).splitlines()[-1])

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
        """Until it is over: whoever died is begun anew. Whoever ended otherwise is a fault."""
        while not self.over.wait(0.02):
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                self.deaths += 1
                arguments = [str(one) for one in process.args[1:]]  # type: ignore[index]
                self.start(name, *arguments)

    def end(self) -> None:
        self.over.set()
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait(20)


@contextmanager
def mortal_house(folder: Path, chance: float) -> Iterator[House]:
    admin: dict[str, Any] = conninfo_to_dict(os.environ["DATABASE_URL"])  # type: ignore[assignment]
    name = f"mortal_{secrets.token_hex(4)}"
    template = os.environ["HUIYIN_TEST_TEMPLATE"]
    with psycopg.connect(make_conninfo(**admin), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {
        **os.environ,
        "DATABASE_URL": make_conninfo(**{**admin, "dbname": name}),
        "HUIYIN_DATA": str(folder),
        "HUIYIN_LOG_LEVEL": "CRITICAL",
        "HUIYIN_ALLOWED_HOSTS": "127.0.0.1",
        "HUIYIN_TRUSTED_PROXIES": "1",  # so that customers come from addresses of their own
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "PYTHONPATH": str(ROOT),
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
        with psycopg.connect(make_conninfo(**admin), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _wait_for(house: House) -> None:
    for _ in range(300):
        with suppress(httpx.HTTPError), house.client() as client:
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the web process does not answer")
