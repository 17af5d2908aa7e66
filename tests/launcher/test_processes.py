"""Children: brought back when they die, ended with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from launcher import processes
from launcher.processes import Child
from tests.launcher.conftest import until

SLEEP = "import time; time.sleep(60)"


def child(folder, code: str, **env: str) -> Child:
    return Child("child", [sys.executable, "-c", code], {**os.environ, **env}, folder / "child.log")


def pid_of(kept: Child) -> int:
    assert kept.process is not None
    return kept.process.pid


def test_a_child_that_dies_is_started_again_after_a_pause(folder):
    kept = child(folder, SLEEP)
    kept.start()
    first = pid_of(kept)
    os.kill(first, signal.SIGKILL)
    until(lambda: (news := kept.look_after()) and "SIGKILL" in news)
    until(lambda: kept.look_after() is None and kept.process is not None)
    assert pid_of(kept) != first
    kept.stop(time.monotonic())


def test_pauses_grow_up_to_a_limit(folder):
    kept = child(folder, "raise SystemExit(3)")
    kept.start()
    pauses = []
    for _ in range(8):
        until(lambda: kept.process is None or kept.process.poll() is not None)
        kept.look_after()
        pauses.append(round(kept.due - time.monotonic(), 1))
        kept.due = 0
        kept.look_after()
    assert pauses == sorted(pauses)
    assert pauses[-1] <= Child.LONGEST_DELAY
    kept.stop(time.monotonic())


def test_stopping_ends_what_the_child_had_started_too(folder):
    grandchild = (
        "import subprocess, sys, time;"
        f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    kept = child(folder, grandchild)
    kept.start()
    until(lambda: kept.log.exists() and kept.log.read_text().strip())
    pid = int(kept.log.read_text())
    kept.stop(time.monotonic())
    until(lambda: not processes.alive(pid) or " Z " in _state(pid))


def _state(pid: int) -> str:
    return subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.replace("Z", " Z ")


def test_processes_left_over_are_found_by_their_mark_and_ended(folder):
    left = subprocess.Popen(
        [sys.executable, "-c", SLEEP], env={**os.environ, "HUIYIN_RUN_ID": "x7"}
    )
    assert processes.marked("HUIYIN_RUN_ID=x7") == [left.pid]
    ending = subprocess.Popen(
        [sys.executable, "-c", f"from launcher import processes as p; p.end([{left.pid}])"]
    )
    assert left.wait(10) == -signal.SIGTERM
    ending.wait(10)


def test_a_log_that_grew_too_long_is_cut_and_kept_once(folder, monkeypatch):
    monkeypatch.setattr(Child, "LOG_LIMIT", 1000)
    kept = child(folder, "print('x' * 5000, flush=True); import time; time.sleep(60)")
    kept.start()
    until(lambda: kept.log.exists() and kept.log.stat().st_size > 5000)
    kept.look_after()
    assert kept.log.stat().st_size == 0
    assert kept.log.with_suffix(".log.1").stat().st_size > 5000
    kept.stop(time.monotonic())
