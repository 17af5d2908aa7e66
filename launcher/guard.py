"""The guardian of one PostgreSQL: starts it, starts it again when it dies, stops it when unused.

Run as `python -m launcher.guard ORDER`; ORDER is the JSON that postgres.Cluster._start writes.
"""

import fcntl
import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from launcher.processes import ends_with_parent

_PAUSE = 0.1  # seconds between two looks
_FIRST_DELAY, _LONGEST_DELAY = 0.2, 5.0
_HOPELESS = 20  # deaths in a row, each within _SETTLED seconds
_SETTLED = 10.0


def _serve(order: dict[str, Any]) -> "subprocess.Popen[bytes]":
    with Path(order["output"]).open("ab") as output:
        return subprocess.Popen(
            order["argv"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            # SIGINT is PostgreSQL's fast shutdown: what happens if this guardian is killed.
            preexec_fn=ends_with_parent(signal.SIGINT),
            **order["user"],
        )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    for how, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def main(order: dict[str, Any]) -> int:
    with Path(order["guard"]).open("a") as guard, Path(order["use"]).open("a") as use:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        ended = False

        def end(*_: object) -> None:
            nonlocal ended
            ended = True

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server, began = _serve(order), time.monotonic()
        delay, deaths = _FIRST_DELAY, 0
        while not ended:
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break  # nobody uses it any more
            except BlockingIOError:
                pass
            if server.poll() is None:
                time.sleep(_PAUSE)
                continue
            if time.monotonic() - began > _SETTLED:
                delay, deaths = _FIRST_DELAY, 0
            deaths += 1
            first_start_failed = deaths == 1 and server.returncode not in (-9, 0, 2)
            if deaths > _HOPELESS or (first_start_failed and time.monotonic() - began < 2):
                return 1
            time.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY)
            server, began = _serve(order), time.monotonic()
        _stop(server)
        with suppress(OSError):
            Path(order["socket"]).rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
