"""kill -9 of web, worker and PostgreSQL at any moment: no acknowledged complaint is lost, none
is doubled, and the numbers have no gap. Real processes, a durable database, two minutes at most."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from launcher import database, environment, processes
from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from launcher.processes import Child
from tests.launcher.conftest import FOREIGN, until

pytestmark = pytest.mark.slow

CHAOS = 14.0  # seconds of killing
ENOUGH = 20  # acknowledged complaints that make it worth counting
CUSTOMERS = 4  # who write at the same time
TEXTS = ("电饭煲不加热，客服一直不处理", "快递显示已签收但我没有收到", "退款拖了半个月还没到账")


class House:
    """Web and worker on a PostgreSQL of their own, looked after as `dev.py run` does."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(data=folder, tools=ROOT)
        self.cluster = Cluster(folder / "postgres", self.places)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def open(self, url: str) -> None:
        self.env = environment.for_django(self.places, url, HUIYIN_POOL="8")
        database.bring_up_to_date(self.places, self.env)
        self.manage(
            "shell",
            "-c",
            "from huiyin.ground.people.models import User; from huiyin.ground.people.words import "
            "Role; User.objects.create_user('robot', 'correct horse', name='接口', "
            "roles=[Role.AGENT, Role.TRIAGER])",
        )
        self.token = self.manage("api_token", "robot").split()[-1]
        serve = ["-m", "granian", "huiyin.asgi:application", "--interface", "asginl", "--no-ws"]
        self.web = self._child("web", *serve, "--port", str(self.port), "--log-level", "warning")
        self.worker = self._child("worker", "-m", "django", "work")
        for child in (self.web, self.worker):
            child.start()
        until(self.answers, 30)

    def _child(self, name: str, *arguments: str) -> Child:
        argv: list[str | Path] = [self.places.python, *arguments]
        child = Child(name, argv, self.env, self.places.logs / f"{name}.log")
        child.LONGEST_DELAY = 0.5  # more life and death in the same seconds
        return child

    def close(self) -> None:
        for child in (self.web, self.worker):
            child.ask_to_stop()
        for child in (self.web, self.worker):
            child.stop(time.monotonic() + 5)

    def manage(self, *arguments: str) -> str:
        argv: list[str | Path] = [self.places.python, "-m", "django", *arguments]
        return subprocess.run(
            argv, env=self.env, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.strip()

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def look_after(self, seconds: float) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            for child in (self.web, self.worker):
                child.look_after()
            time.sleep(0.05)

    def kill_something(self, what: str) -> None:
        """kill -9 of one of ours; of nobody when it is down at this moment anyway."""
        server = self.cluster.server_pid()
        with suppress(ProcessLookupError):
            if what in {"web", "worker"}:
                child = self.web if what == "web" else self.worker
                if child.process is not None:
                    os.killpg(child.process.pid, signal.SIGKILL)
            elif server is not None and what == "postgres":
                os.kill(server, signal.SIGKILL)
            elif server is not None and (connections := self.connections(server)):
                os.kill(random.choice(connections), signal.SIGKILL)

    def connections(self, server: int) -> list[int]:
        """PostgreSQL's processes that serve the application; if one dies, all start anew."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(server)], capture_output=True, text=True
        )
        pids = [int(pid) for pid in found.stdout.split()]
        return [pid for pid in pids if "huiyin huiyin" in processes.command_line(pid)]


class Customers(threading.Thread):
    """Writes complaints one after another; what is not acknowledged is sent again, same key."""

    def __init__(self, house: House, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.house = house
        self.stop = stop
        self.acknowledged: dict[str, str] = {}
        self.again = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            key = str(uuid.uuid4())
            while (number := self.send(key)) is None:
                self.again += 1
                time.sleep(0.1)
            self.acknowledged[key] = number
            if random.random() < 0.1 and self.send(key) not in (None, number):
                self.wrong.append(f"{key} got a second number")

    def send(self, key: str) -> str | None:
        """The number, once the server has said 2xx; None when nobody can know what happened."""
        chosen = int(key[:6], 16)  # the same key always sends the same body
        body = {
            "channel": "api",
            "contact": {"name": "王芳", "phone": f"139{chosen:08}"},
            "text": f"{TEXTS[chosen % len(TEXTS)]}，编号 {key[:8]}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=10)
        try:
            connection.request(
                "POST",
                "/api/v1/complaints",
                json.dumps(body).encode(),
                {
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {self.house.token}",
                    "Idempotency-Key": key,
                },
            )
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status in (200, 201):
            return str(json.loads(said)["number"])
        if 400 <= answer.status < 500 and answer.status not in (409, 425, 429):
            self.wrong.append(f"{answer.status} {said[:300]!r}")
        return None


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-survival-"))
    folder.chmod(0o711)
    made = House(folder)
    try:
        with made.cluster.running() as url:
            made.open(url)
            try:
                yield made
            finally:
                made.close()
    finally:
        made.cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def test_no_acknowledged_complaint_is_lost_or_doubled_by_kill_9(house):
    stop = threading.Event()
    customers = [Customers(house, stop) for _ in range(CUSTOMERS)]
    for customer in customers:
        customer.start()
    house.look_after(1.0)
    began = time.monotonic()
    victims = ["web", "postgres", "worker", "connection"]
    killed = 0
    # A machine that is busy with other tests brings servers up late: it gets more time, and pauses.
    while (lived := time.monotonic() - began) < CHAOS or (
        sum(len(c.acknowledged) for c in customers) <= ENOUGH and lived < 6 * CHAOS
    ):
        house.kill_something(victims[killed % len(victims)])
        killed += 1
        house.look_after(random.uniform(0.3, 2.2 if lived < CHAOS else 5.0))
    stop.set()
    for _ in range(1200):  # each customer still gets the answer to his last one
        house.look_after(0.1)
        if not any(customer.is_alive() for customer in customers):
            break
    assert not any(customer.is_alive() for customer in customers), "a customer waits for ever"

    acknowledged = {k: n for customer in customers for k, n in customer.acknowledged.items()}
    assert [wrong for customer in customers for wrong in customer.wrong] == []
    assert len(acknowledged) > ENOUGH
    print(
        len(acknowledged),
        "acknowledged,",
        killed,
        "kills,",
        sum(c.again for c in customers),
        "sent again",
    )
    assert sum(customer.again for customer in customers) > 0, "nothing was ever in danger"
    until(lambda: house.cluster.server_pid() is not None)
    with psycopg.connect(house.cluster.url) as db:
        stored = [number for (number,) in db.execute("SELECT number FROM complaint_complaint")]
        told = db.execute(
            "SELECT count(*), count(DISTINCT complaint_id) FROM complaint_event "
            "WHERE what = 'received'"
        ).fetchone()
    assert sorted(stored) == sorted(acknowledged.values())
    assert len(set(stored)) == len(acknowledged)
    assert told == (len(stored), len(stored)), "each story begins once"
    serials = sorted(int(number.rpartition("-")[2]) for number in stored)
    assert serials == list(range(1, len(serials) + 1))
