"""`dev.py run` for real: it serves, stands alone, comes back, and ends with all that it started."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from launcher import processes
from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from tests.launcher.conftest import until

pytestmark = pytest.mark.slow
DEV = [sys.executable, str(ROOT / "dev.py")]


class Running:
    """One `dev.py run --no-demo` on a free port, and what it has printed so far."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.said = ""
        self.process = subprocess.Popen(
            [*DEV, "run", "--no-demo", "--port", "0", "--data", str(places.data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: "ready in" in self.said or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.said

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.said += line

    @property
    def port(self) -> int:
        return int(re.findall(r"http://127\.0\.0\.1:(\d+)", self.said)[0])

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.places.data / "postgres", self.places)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def mark(self) -> str:
        return "HUIYIN_RUN_ID=" + json.loads((self.places.data / "run.json").read_text())["mark"]

    def started(self, name: str) -> list[int]:
        return [p for p in processes.marked(self.mark()) if name in processes.command_line(p)]


def replaced(running: Running, name: str, victims: list[int]) -> bool:
    return bool(set(running.started(name)) - set(victims))


@pytest.fixture
def running(places: Places, clean_environment) -> Iterator[Running]:
    app = Running(places)
    yield app
    if app.process.poll() is None:
        app.process.terminate()
        app.process.wait(30)
    app.cluster.destroy()


def test_a_day_in_its_life(running):
    """One start serves several truths: a start takes seconds, and CI has two cores."""
    assert running.answers()

    # A second one on the same data has a sentence and does no damage.
    second = subprocess.run(
        [*DEV, "run", "--data", str(running.places.data)],
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert f"127.0.0.1:{running.port}" in second.stderr
    assert running.answers()

    # `manage` works beside it and leaves the server alone.
    server = running.cluster.server_pid()
    said = subprocess.run(
        [*DEV, "manage", "--data", str(running.places.data), "showmigrations", "people"],
        capture_output=True,
        text=True,
    )
    assert "[X] 0001_initial" in said.stdout, said.stderr
    assert running.cluster.server_pid() == server

    # Web, worker and PostgreSQL come back after a kill that nobody can catch.
    for name in ("granian", "django work"):
        victims = running.started(name)
        os.kill(victims[0], signal.SIGKILL)
        until(partial(replaced, running, name, victims), 20)
    until(running.answers, 20)
    assert server is not None
    os.kill(server, signal.SIGKILL)
    until(lambda: running.cluster.server_pid() not in (None, server), 20)
    with psycopg.connect(running.cluster.url) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)
    until(lambda: "PostgreSQL 已重新启动" in running.said)
    assert "restarting in" in running.said

    # SIGTERM ends all of it, and only it.
    mark = running.mark()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0
    assert processes.marked(mark) == []
    assert running.cluster.server_pid() is None
    assert "everything stopped" in running.said


def test_killed_outright_it_leaves_nothing_that_keeps_the_next_start(running, places):
    mark = running.mark()
    running.process.kill()
    running.process.wait(10)
    until(lambda: running.cluster.server_pid() is None, 30)
    until(lambda: processes.marked(mark) == [], 30)
    again = Running(places)
    try:
        assert again.answers()
    finally:
        again.process.send_signal(signal.SIGINT)
        assert again.process.wait(30) == 0
    assert again.cluster.server_pid() is None
