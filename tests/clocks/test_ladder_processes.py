"""Ten workers sweep at once, in processes of their own and on a PostgreSQL of their own, while its
connections are terminated and the server itself is killed: every rung once, none lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from launcher import database, environment
from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from tests.launcher.conftest import FOREIGN

pytestmark = pytest.mark.slow

WORKERS = 10
COMPLAINTS = 40
ENOUGH = 200  # rungs that make it worth counting
LONGEST = 240.0  # seconds, on a machine that does other things too
NOW = "2026-11-28T10:00:00+08:00"  # after three days of darkness

SET_UP = f"""
from datetime import datetime
from huiyin.ground import moment
from huiyin.ground.people.models import Membership, Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.journey.intake.actions import Contact, register
team = Team.objects.get_or_create(code="quality", defaults={{"name": "品质组"}})[0]
def person(username, *roles):
    made = User.objects.create_user(
        username, "correct horse", name=username, roles=list(roles), presence=Presence.PRESENT)
    Membership.objects.create(user=made, team=team)
    return made
agent, lead = person("agent", Role.AGENT), person("lead", Role.LEAD)
chief, manager = person("chief", Role.SUPERVISOR), person("manager", Role.MANAGER)
Team.objects.filter(pk=team.pk).update(lead=lead, duty_supervisor=chief)
with moment.at(datetime.fromisoformat("2026-11-25T10:00:00+08:00")):
    for number in range({COMPLAINTS}):
        register(by=agent, channel="phone", contact=Contact(name="王芳", phone="13800138000"),
                 text=f"第 {{number}} 件：电饭煲不加热", category="PD.01.07", severity=2)
"""

WORKER = f"""
import sys, time
from datetime import datetime
import django
django.setup()
from django.db import connections
from huiyin.ground import moment
from huiyin.journey.clocks.actions import sweep
quiet, until = 0, time.monotonic() + {LONGEST - 60}
with moment.at(datetime.fromisoformat({NOW!r})):
    while quiet < 4 and time.monotonic() < until:
        try:
            quiet = 0 if sweep() else quiet + 1
        except Exception:
            quiet = 0
            for one in connections.all(initialized_only=True):
                one.close()
        time.sleep(0.2)
sys.exit(0 if quiet >= 4 else 3)
"""


class House:
    def __init__(self, folder: Path) -> None:
        self.places = Places(data=folder, tools=Path(os.environ.get("HUIYIN_TOOLS", ROOT)))
        self.cluster = Cluster(folder / "postgres", self.places)

    def open(self, url: str) -> None:
        self.env = environment.for_django(self.places, url, HUIYIN_POOL="0")
        database.bring_up_to_date(self.places, self.env)
        self.python("-m", "django", "shell", "-c", SET_UP).communicate(timeout=120)

    def python(self, *arguments: str) -> subprocess.Popen[bytes]:
        argv: list[str | Path] = [self.places.python, *arguments]
        return subprocess.Popen(argv, env=self.env, cwd=ROOT, stdout=subprocess.DEVNULL)

    def harm(self, turn: int) -> str:
        """Some connections at once; every fifth time the whole server, which its guard restarts."""
        server = self.cluster.server_pid()
        if server is None:
            return ""  # it is coming up again
        if turn % 5 == 4:
            os.kill(server, signal.SIGKILL)
            return "server"
        with suppress(psycopg.Error), psycopg.connect(self.cluster.url, autocommit=True) as killer:
            theirs = killer.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                "AND usename = current_user AND pid <> pg_backend_pid()"
            ).fetchall()
            for (pid,) in random.sample(theirs, min(3, len(theirs))):
                killer.execute("SELECT pg_terminate_backend(%s)", [pid])
            return "connections" if theirs else ""
        return ""

    def ask(self, question: str) -> list[tuple[object, ...]]:
        until = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(self.cluster.url) as db:
                    return db.execute(question).fetchall()
            except psycopg.Error:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="huiyin-rungs-"))
    folder.chmod(0o711)
    made = House(folder)
    try:
        with made.cluster.running() as url:
            made.open(url)
            yield made
    finally:
        made.cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def test_ten_workers_and_a_killed_database_lose_and_double_no_rung(house):
    [(clocks,)] = house.ask("SELECT count(*) FROM clocks_clock WHERE next_rung_at IS NOT NULL")
    assert clocks == 3 * COMPLAINTS
    workers = [house.python("-c", WORKER) for _ in range(WORKERS)]
    harmed: list[str] = []
    began = time.monotonic()
    while any(worker.poll() is None for worker in workers):
        assert time.monotonic() - began < LONGEST, "the workers do not come to rest"
        if len(harmed) < 15:  # three servers, and their connections in between
            harmed += filter(None, [house.harm(len(harmed))])
        time.sleep(random.uniform(0.1, 0.6))
    assert [worker.returncode for worker in workers] == [0] * WORKERS
    house.python("-c", WORKER).wait(timeout=LONGEST)  # what was at hand at the last kill

    [(rows, once)] = house.ask(
        "SELECT count(*), count(DISTINCT (clock_id, rung_id)) FROM clocks_rungfired "
        "WHERE lapsed_at IS NULL"
    )
    [(told, paired)] = house.ask(
        "SELECT count(*), count(DISTINCT (complaint_id, facts->>'kind', facts->>'rung')) "
        "FROM complaint_event WHERE what IN ('reminded', 'late_notice')"
    )
    print(rows, "rungs,", len(harmed), "times harmed,", harmed.count("server"), "servers killed")
    assert harmed.count("server") >= 1 and len(harmed) >= 5, "nothing was ever in danger"
    assert rows >= ENOUGH
    assert rows == once == told == paired, "each rung fired once and was told once"
    left = house.ask(
        "SELECT count(*) FROM clocks_clock WHERE stopped_at IS NULL AND paused_at IS NULL "
        f"AND next_rung_at <= '{NOW}'"
    )
    assert left == [(0,)], "none was lost"
    missed = house.ask(
        "SELECT count(*), count(DISTINCT (complaint_id, facts->>'kind')) FROM complaint_event "
        "WHERE what = 'clock_missed'"
    )
    assert missed[0][0] == missed[0][1] > 0
