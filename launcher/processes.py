"""Starting programs so that they end with us, and finding those that did not.

Linux tells a child when its parent has died (PR_SET_PDEATHSIG); elsewhere the next start cleans up.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from launcher.talk import Trouble

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def ends_with_parent(how: signal.Signals) -> Callable[[], None]:
    """What to run in a new child: it gets signal `how` when the thread that started it is gone."""
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
            if os.getppid() != parent:  # it died between the fork and the line above
                os._exit(1)

    return arrange


def quietly(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    failure: tuple[str, str],
    hear: Callable[[str], object] = lambda line: None,
) -> str:
    """Run to the end and return what it said; on failure a Trouble with its last lines.

    `hear` gets each line when it is said.
    """
    said: list[str] = []
    try:
        with subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            try:
                for line in running.stdout or ():
                    said.append(line)
                    hear(line.strip())
            except BaseException:
                running.kill()  # we are being stopped: nothing goes on without us
                raise
    except OSError as error:
        raise Trouble(*failure, str(error)) from error
    if running.returncode:
        raise Trouble(*failure, *[line.rstrip("\n") for line in said[-25:]])
    return "".join(said)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The command line of a process, words parted by blanks; empty where it cannot be read."""
    if sys.platform != "linux":
        shown = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return shown.stdout.strip()
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def marked(mark: str) -> list[int]:
    """Processes that carry `mark` in the environment they were started with (Linux only)."""
    wanted = mark.encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def end(pids: Sequence[int], *, grace: float = 5.0) -> None:
    """Ask processes to end, insist after `grace` seconds."""
    for how, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        for pid in pids:
            try:
                os.kill(pid, how)
            except OSError:
                continue
        limit = time.monotonic() + patience
        while any(map(alive, pids)) and time.monotonic() < limit:
            time.sleep(0.05)


class Child:
    """A program we keep running: its own process group, its own log, restarted when it dies."""

    FIRST_DELAY = 0.5
    LONGEST_DELAY = 15.0
    SETTLED = 30.0  # a child that lived this many seconds is taken to be well
    LOG_LIMIT = 20 * 1024 * 1024

    def __init__(
        self, name: str, argv: Sequence[str | Path], env: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self.argv = argv
        self.env = env
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.began = 0.0
        self.delay = self.FIRST_DELAY
        self.due = 0.0
        self.deaths = 0

    def start(self) -> None:
        """Start; to be called from the main thread (see ends_with_parent)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGTERM),
            )
        self.began = time.monotonic()

    def look_after(self) -> str | None:
        """Call often. Restarts with growing pauses; returns a sentence when there is news."""
        self._trim_log()
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            if now - self.began > self.SETTLED:
                self.delay, self.deaths = self.FIRST_DELAY, 0
            return None
        self._end_group()
        self.process = None
        self.deaths += 1
        self.due = now + self.delay
        pause, self.delay = self.delay, min(self.delay * 2, self.LONGEST_DELAY)
        return (
            f"! {self.name} 意外退出（{ended(code)}），{pause:g} 秒后重启 · "
            f"ended by itself ({ended(code)}), restarting in {pause:g} s"
        )

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, limit: float) -> None:
        """Wait for the end until the monotonic moment `limit`, then insist on the whole group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, limit - time.monotonic()))
        self._end_group()
        self.process.wait()

    def last_words(self, count: int = 12) -> list[str]:
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 8192))
                return log.read().decode(errors="replace").splitlines()[-count:]
        except OSError:
            return []

    def _end_group(self) -> None:
        # A server's own children outlive it when it was killed hard, and would keep the port.
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _trim_log(self) -> None:
        try:
            if self.log.stat().st_size > self.LOG_LIMIT:
                # The child keeps this file open for appending: copy it and cut it, never move it.
                shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)
        except OSError:
            pass


def ended(code: int) -> str:
    """How a process ended, in words: its exit code, or the signal."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
