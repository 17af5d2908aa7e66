"""`dev.py bench` measures on a database of its own, prints every row, and ends by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from tests.launcher.conftest import FOREIGN

pytestmark = pytest.mark.slow
PATIENCE = 300  # seconds; a minute on a machine with nothing else to do
ROWS = (
    "one-row insert",
    "empty view",
    "queue",
    "queue, all open",
    "complaint",
    "search, common word",
    "search, rare word",
    "search, agent",
    "board",
    "intake",
)


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    folder.chmod(0o711)
    yield folder
    Cluster(folder / "bench" / "postgres", Places(folder / "bench", ROOT)).destroy()
    shutil.rmtree(folder, ignore_errors=True)


def bench(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return subprocess.run(
        [sys.executable, ROOT / "dev.py", "bench", "--data", data, *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_bench_prints_every_row_and_leaves_nothing_running(data):
    file = data / "figures.json"
    done = bench(data, "--n", "200", "--seconds", "0.3", "--json", str(file))
    assert done.returncode == 0, done.stderr[-3000:]
    for row in ROWS:
        assert done.stdout.count(f"\n{row:<22}") == 2, row  # one and eight clients
    assert "Intake with 8 clients" in done.stdout
    assert "hits, as LIKE" in done.stdout

    figures = json.loads(file.read_text())
    assert [row["what"] for row in figures["rows"][::2]] == list(ROWS)
    assert all(row["p50"] > 0 and row["p95"] >= row["p50"] for row in figures["rows"])
    assert figures["fsync"] == "on"
    assert figures["complaints"] == 200
    left = subprocess.run(["pgrep", "-f", str(data)], capture_output=True, text=True).stdout
    assert left == ""


@pytest.mark.parametrize("wrong", [("--n", "0"), ("--seconds", "0"), ("--n", "many")])
def test_senseless_limits_are_refused(wrong):
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError):
        call_command("bench", *wrong)
