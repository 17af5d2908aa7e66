"""`dev.py test`: everything that CI runs, in one go, on a PostgreSQL of its own."""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher import environment, processes, tools
from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from launcher.talk import Steps, Trouble, heading, say

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def test(places: Places, arguments: Sequence[str]) -> int:
    """Run the checks, then pytest with `arguments`; `--no-checks` leaves the checks out."""
    only_tests = "--no-checks" in arguments
    arguments = [argument for argument in arguments if argument != "--no-checks"]
    steps = Steps(tools.STEPS + 3)
    tools.set_up(places, "dev", steps)
    left_out: list[str] = []
    with steps.step("浏览器", "browser") as step:
        chromium = _chromium()
        step.note = chromium or "没有 · none"
    if not chromium:
        left_out.append("浏览器测试：没有 Chromium · browser tests: no Chromium")
        arguments = ["-m", "not browser", *arguments]
    with _scratch() as scratch, _database(scratch, places, steps) as url:
        here = Places(data=scratch / "files", tools=places.tools)
        here.data.mkdir()
        env = environment.for_django(here, url)
        env["HUIYIN_CHROMIUM"] = chromium or ""
        for line in left_out:
            say(f"! 未运行 · left out — {line}")
        with (
            _template(places, env, steps) as template,
            ThreadPoolExecutor(1) as beside,  # type checking alone would leave a core idle
        ):
            env["HUIYIN_TEST_TEMPLATE"] = template
            outcomes = None if only_tests else beside.submit(_checks, places, env)
            heading("pytest")
            broken = _run([places.python, "-m", "pytest", *_parallel(arguments)], env).returncode
            failed = _told(outcomes.result()) if outcomes else []
    if broken:
        failed.append("pytest")
    if failed:
        say("", f"✗ 未通过 · failed: {', '.join(failed)}")
    return 1 if failed else 0


@dataclass(frozen=True)
class Outcome:
    """How one check ended, and what it said."""

    name: str
    passed: bool
    said: str
    seconds: float


def _checks(places: Places, env: dict[str, str]) -> list[Outcome]:
    """Everything but the tests; runs beside them and says nothing before they are done."""
    python = places.python
    lint = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    typed = [name for name in ("huiyin", "launcher", "tests", "dev.py") if (ROOT / name).exists()]
    checks: list[tuple[str, list[str | Path]]] = [
        ("ruff format", [python, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("mypy", [python, "-m", "mypy", *typed]),
        ("imports", [python, "-c", lint]),
        ("migrations", [python, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ]
    locks = _lock_faults()
    return [
        *(_check(name, argv, env) for name, argv in checks),
        Outcome("locks", not locks, "\n".join(locks), 0.0),
    ]


def _check(name: str, argv: Sequence[str | Path], env: dict[str, str]) -> Outcome:
    began = time.monotonic()
    done = _run(argv, env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    return Outcome(name, done.returncode == 0, done.stdout.strip(), time.monotonic() - began)


def _told(outcomes: Sequence[Outcome]) -> list[str]:
    """Say how the checks ended, and what those said that failed; the names of these."""
    heading("checks")
    for one in outcomes:
        if not one.passed:
            say(one.said)
        say(f"{'✓' if one.passed else '✗'} {one.name} {one.seconds:.1f} s")
    return [one.name for one in outcomes if not one.passed]


def _run(
    argv: Sequence[str | Path], env: dict[str, str], **how: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False, text=True, **how
    )


def _parallel(arguments: Sequence[str]) -> list[str]:
    if any(argument.startswith(("-n", "--pdb")) for argument in arguments):
        return list(arguments)
    return ["-n", str(max(2, min(4, os.cpu_count() or 2))), "--dist", "loadscope", *arguments]


def _lock_faults() -> list[str]:
    """Lock files name packages and hashes, and no machine from which they were fetched."""
    faults = []
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.search(r"://|^\s*-{1,2}(index|extra|find|trusted|f\b|i\b)", line):
                faults.append(f"{file.name}:{number}: {line.strip()}")
    if '"resolved"' in (ROOT / "package-lock.json").read_text():
        faults.append('package-lock.json: "resolved" — npm config omit-lockfile-registry-resolved')
    return faults


# -- what the tests stand on --------------------------------------------------------------------


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
    folder.chmod(0o711)  # for root: PostgreSQL runs as another user
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(scratch: Path, places: Places, steps: Steps) -> Iterator[str]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        with steps.step("数据库服务", "PostgreSQL") as step:
            step.note = "TEST_DATABASE_URL"
        yield url
        return
    cluster = Cluster(scratch / "postgres", places, durable=False)
    running = cluster.running()
    with steps.step("数据库服务", "PostgreSQL"):
        url = running.__enter__()
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@contextmanager
def _template(places: Places, env: dict[str, str], steps: Steps) -> Iterator[str]:
    """A database with tables and reference rows, which each test process copies. Its name is of
    this run alone: on somebody else's server another run may be making its own."""
    name = f"huiyin_template_{secrets.token_hex(4)}"
    program: list[str | Path] = [places.python, "-m", "launcher.template"]
    failure = ("数据表建立失败：", "Making the tables failed:")
    try:
        with steps.step("数据表", "tables"):
            processes.quietly([*program, "make", name], env=env, failure=failure)
        yield name
    finally:
        if os.environ.get("TEST_DATABASE_URL"):  # our own server goes as a whole
            processes.quietly([*program, "remove", name], env=env, failure=failure)


def _chromium() -> str | None:
    """The browser for the browser tests; installed from Debian's packages where we may."""
    wanted = os.environ.get("HUIYIN_CHROMIUM")
    found = wanted or next(filter(None, map(shutil.which, CHROMIUM)), None)
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return found
    needed = [] if found else ["chromium"]
    if not any(Path("/usr/share/fonts").glob("**/NotoSansCJK*")):
        needed.append("fonts-noto-cjk")  # without it Chinese pages show empty boxes
    if needed:
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        try:
            processes.quietly([apt, "update", "-qq"], env=env, failure=("", ""))
            processes.quietly(
                [apt, "install", "-y", "-qq", "--no-install-recommends", *needed],
                env=env,
                failure=("", ""),
            )
        except Trouble as trouble:
            say("", *trouble.lines[-3:])
    return found or next(filter(None, map(shutil.which, CHROMIUM)), None)
