"""`dev.py run`: one machine, one command: database, web and worker, kept alive until Ctrl-C."""

import fcntl
import http.client
import json
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

from launcher import database, environment, processes, tools
from launcher.database import Database
from launcher.places import Places
from launcher.processes import Child
from launcher.talk import Step, Steps, Trouble, say

PATIENCE = 90  # seconds for the first sign of life
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POOL = "20"  # connections that the web process keeps; its threads are fewer (ground/web/pages)
GRACE = 12  # seconds for open requests and running jobs at the end


class Stopped(BaseException):
    """Ctrl-C or SIGTERM: everything we started is to end."""


def run(places: Places, *, host: str, port: int, demo: bool) -> int:
    with _only_one(places) as record, _signals():
        began = time.monotonic()
        port = _free(host, port)
        _end_leftovers(record)
        ready = False
        try:
            with ExitStack() as stack:
                steps = Steps(tools.STEPS + 3)
                tools.set_up(places, "run", steps)
                with steps.step("数据库服务", "PostgreSQL") as step:
                    found = stack.enter_context(database.available(places))
                    step.note = database.version(found, places)
                mark = secrets.token_hex(8)
                env = environment.for_django(
                    places,
                    found.url,
                    demo=demo,
                    HUIYIN_ALLOWED_HOSTS=_host_names(host),
                    HUIYIN_BASE_URL=_address(host, port),
                )
                env["HUIYIN_RUN_ID"] = mark
                # The demo is written at the first start; it takes the longest of all.
                what = ("数据与演示", "tables, demo data") if demo else ("数据表", "tables")
                with steps.step(*what) as step:
                    facts = database.bring_up_to_date(
                        places, env, production=not demo, hear=partial(_show_percent, step)
                    )
                    step.note = facts["took"]
                children = _children(places, env, host, port)
                stack.callback(_stop, children)
                record.keep({"mark": mark, "address": _address(host, port)})
                with steps.step("启动网站与后台", "web and worker"):
                    for child in children:
                        child.start()
                    _wait_for_life(children, host, port)
                _welcome(places, host, port, facts.get("accounts", ""), time.monotonic() - began)
                ready = True
                _look_after(children, found)
        except Stopped:
            say("已全部停止 · everything stopped")
            return 0 if ready else 130
    return 0


def _show_percent(step: Step, line: str) -> None:
    if line.startswith("demo ") and line.endswith(" %"):
        step.progress = line.removeprefix("demo ")


# -- only one -----------------------------------------------------------------------------------


class _Record:
    """What this run leaves for the next one to read."""

    def __init__(self, places: Places) -> None:
        self.file = places.data / "run.json"

    def read(self) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return {}
        return kept

    def keep(self, facts: dict[str, str]) -> None:
        environment.write_private(self.file, facts)


@contextmanager
def _only_one(places: Places) -> Iterator[_Record]:
    record = _Record(places)
    with (places.data / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = record.read().get("address", "")
            raise Trouble(
                f"回音已经在运行{'：' + address if address else '或正在启动'}，"
                f"数据目录 {places.data}。"
                "要再开一个，请用 --data 和 --port 指定另一个目录和端口。",
                f"Huiyin is already running{' at ' + address if address else ' or starting'} "
                f"(data {places.data}). For a second one choose another --data and --port.",
            ) from None
        try:
            yield record
        finally:
            record.file.unlink(missing_ok=True)


def _end_leftovers(record: _Record) -> None:
    """Processes of a run that was killed too hard to clean up after itself."""
    if (mark := record.read().get("mark")) and (left := processes.marked(f"HUIYIN_RUN_ID={mark}")):
        say(f"上次未正常结束，先停止遗留的 {len(left)} 个进程 · ending {len(left)} left processes")
        processes.end(left)


@contextmanager
def _signals() -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or SIGHUP ends the run; further ones are heard and ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in kept:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    kept = {number: signal.signal(number, stop) for number in ENDINGS}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, before)


# -- host and port ------------------------------------------------------------------------------


def _free(host: str, port: int) -> int:
    """The port to serve at; 0 asks for any free one."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        raise Trouble(
            f"不能使用 {host}:{port}（{error}）。端口可能被占用，请用 --port 换一个，"
            f"例如 --port {port + 1}。",
            f"Cannot serve at {host}:{port} ({error}). The port may be taken; choose another, "
            f"for example --port {port + 1}.",
        ) from None


def _target(host: str) -> str:
    """Where to call a server that listens at `host`."""
    return EVERYWHERE.get(host, host)


def _address(host: str, port: int) -> str:
    shown = _target(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _host_names(host: str) -> str:
    names = ["127.0.0.1", "localhost", "[::1]"]
    if host in EVERYWHERE:
        own = socket.gethostname()
        names.append(own)
        with suppress(OSError):
            names += socket.gethostbyname_ex(own)[2]
    elif host not in environment.LOOPBACK:
        names.append(f"[{host}]" if ":" in host else host)
    return ",".join(dict.fromkeys(names))


# -- children -----------------------------------------------------------------------------------


def _children(places: Places, env: dict[str, str], host: str, port: int) -> list[Child]:
    (places.data / "static").mkdir(exist_ok=True)
    web: list[str | Path] = [
        *(places.python, "-m", "granian", "huiyin.asgi:application", "--interface", "asginl"),
        *("--host", host, "--port", str(port), "--workers", "1", "--no-ws"),
        # Open streams count as requests; with the usual 1,024 the next page would wait for one.
        *("--backpressure", "16384"),
        # Open live streams never end by themselves.
        *("--workers-kill-timeout", "5", "--log-level", "warning"),
    ]
    return [
        # Opening a connection costs more than most requests, so the web process keeps some.
        Child("web", web, {"HUIYIN_POOL": POOL} | env, places.logs / "web.log"),
        Child(
            "worker",
            [places.python, "-m", "django", "work"],
            env,
            places.logs / "worker.log",
        ),
    ]


def _stop(children: list[Child]) -> None:
    for number in ENDINGS:  # nothing is to interrupt the clearing up
        signal.signal(number, signal.SIG_IGN)
    say("", "正在停止…… · stopping …")
    for child in children:
        child.ask_to_stop()
    limit = time.monotonic() + GRACE
    for child in children:
        child.stop(limit)


def _healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_target(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_for_life(children: list[Child], host: str, port: int) -> None:
    limit = time.monotonic() + PATIENCE
    while not _healthy(host, port):
        for child in children:
            if child.look_after() and child.deaths >= 3:
                raise _stillborn(child)
        if time.monotonic() > limit:
            raise _stillborn(children[0])
        time.sleep(0.05)


def _stillborn(child: Child) -> Trouble:
    return Trouble(
        f"{child.name} 无法启动，日志在 {child.log}：",
        f"{child.name} does not start; its log is in {child.log}:",
        *child.last_words(),
    )


def _look_after(children: list[Child], found: Database) -> None:
    server = found.cluster.server_pid() if found.cluster else None
    while True:
        for child in children:
            if news := child.look_after():
                say(f"{time.strftime('%H:%M:%S')} {news}")
                for line in child.last_words(6):
                    say(f"    {line}")
        if found.cluster is not None:
            if not found.cluster.guarded():
                try:
                    found.cluster.ensure()
                except Trouble as trouble:
                    say(*trouble.lines)
                    time.sleep(5)
            now = found.cluster.server_pid()
            if now is not None and now != server:
                say(f"{time.strftime('%H:%M:%S')} ! PostgreSQL 已重新启动 · was restarted")
                server = now
        time.sleep(0.2)


def _welcome(places: Places, host: str, port: int, accounts: str, seconds: float) -> None:
    say("", f"回音 Huiyin 已就绪 · ready in {seconds:.1f} s   {_address(host, port)}")
    if accounts:
        say("", accounts)
    say(
        "",
        f"数据 data: {places.data}    日志 logs: {places.logs}",
        "停止 stop: Ctrl-C" if sys.stdin and sys.stdin.isatty() else "停止 stop: SIGTERM",
    )
