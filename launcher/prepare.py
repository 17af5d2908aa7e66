"""Brings the database up to date; runs inside the virtual environment: tables, reference, demo.

One process instead of three: starting Django costs more than asking whether there is work. It says
how long each part took; the launcher shows it.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.checks import ERROR, Tags, run_checks
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def main(report: str, *, production: bool) -> None:
    django.setup()
    _wait_for_database()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    demo = os.environ.get("HUIYIN_DEMO") == "1"
    took: dict[str, float] = {}
    font = _font_beside() if plan and demo else None
    if plan:
        with _timed(took, "tables"):
            call_command("migrate", interactive=False, verbosity=1)
    with _timed(took, "reference"):
        _call("load_reference")
    accounts = ""
    if demo:
        with _timed(took, "demo"):
            accounts = _call("load_demo")
        accounts = _call("demo_accounts") or accounts
    if font is not None:
        font.wait()
    facts = {
        "accounts": accounts,
        "refused": _refusals() if production else [],
        "took": took,
    }
    Path(report).write_text(json.dumps(facts))


@contextmanager
def _timed(took: dict[str, float], part: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    took[part] = time.monotonic() - began


def _font_beside() -> subprocess.Popen[bytes]:
    """The font of papers takes ten seconds of one core, and the scans of the demonstration are
    drawn with it: made while the other core makes tables. Whoever needs it first waits for it, or
    makes it himself."""
    return subprocess.Popen(
        [sys.executable, "-m", "huiyin.ground.printing.fonts"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _refusals() -> list[str]:
    """What forbids serving real people: demo accounts, DEBUG, a secret that is none."""
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [str(check.msg) for check in found if check.level >= ERROR]


def _call(command: str) -> str:
    if command not in get_commands():
        return ""
    said = io.StringIO()
    call_command(command, stdout=said)
    return said.getvalue().strip()


def _wait_for_database(patience: float = 30.0) -> None:
    """A server that is starting, or restarting after a crash, gets `patience` seconds."""
    limit = time.monotonic() + patience
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.3)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], production="--production" in sys.argv)
