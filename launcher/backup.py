"""`dev.py backup DIR` and `dev.py restore DIR`: database, files, secrets in one folder.

The database is dumped first and the files are copied after it: a file may then lack its row, never
a row its file.
"""

import os
import shutil
import time
from pathlib import Path

from launcher import database, processes, tools
from launcher.places import Places
from launcher.postgres import DATABASE, Cluster
from launcher.programs import Binaries, candidates
from launcher.talk import Steps, Trouble, say

DUMP = "database.dump"
FILES = "evidence"
SECRETS = "secrets.json"


def backup(places: Places, target: Path) -> int:
    """Write a backup into `target`, which must not exist yet; works beside `run`."""
    if target.exists():
        raise Trouble(
            f"{target} 已存在，请给一个新的目录名。", f"{target} exists; name a new directory."
        )
    began = time.monotonic()
    growing = target.with_name(f".{target.name}.growing")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(parents=True, mode=0o700)
    with database.available(places) as found:
        if found.cluster is not None:
            binaries = found.cluster.binaries()
            env, name = found.cluster.client_environment(), DATABASE
        else:
            binaries, env, name = _newest(places), dict(os.environ), found.url
        processes.quietly(
            [
                *(binaries / "pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
                *(f"--file={growing / DUMP}", f"--dbname={name}"),
            ],
            env=env,
            failure=("数据库导出失败：", "Dumping the database failed:"),
        )
    if (places.data / FILES).exists():
        shutil.copytree(places.data / FILES, growing / FILES)
    if (places.data / SECRETS).exists():
        shutil.copy2(places.data / SECRETS, growing / SECRETS)
    growing.rename(target)
    say(f"✓ 已备份到 · backed up to {target}  ({time.monotonic() - began:.1f} s)")
    return 0


def restore(places: Places, source: Path) -> int:
    """Fill an empty data directory from a backup; never touches one that holds a database."""
    if not (source / DUMP).exists():
        raise Trouble(
            f"{source} 里没有 {DUMP}，不是回音的备份。",
            f"{source} is no backup: {DUMP} is missing.",
        )
    if os.environ.get("DATABASE_URL"):
        raise Trouble(
            f"DATABASE_URL 指向别处的 PostgreSQL，请直接用 pg_restore 导入 {source / DUMP}。",
            f"DATABASE_URL names a PostgreSQL elsewhere: use pg_restore with {source / DUMP}.",
        )
    if Cluster(places.data / "postgres", places).exists or (places.data / FILES).exists():
        raise Trouble(
            f"{places.data} 里已有数据，不会覆盖。请用 --data 指定一个空目录。",
            f"{places.data} holds data, which is never overwritten. Name an empty one with --data.",
        )
    tools.set_up(places, "run", Steps(tools.STEPS))
    with database.available(places) as found:
        assert found.cluster is not None
        processes.quietly(
            [
                *(found.cluster.binaries() / "pg_restore", "--no-owner", "--no-privileges"),
                *("--exit-on-error", f"--dbname={DATABASE}", source / DUMP),
            ],
            env=found.cluster.client_environment(),
            failure=("数据库导入失败：", "Restoring the database failed:"),
        )
    if (source / FILES).exists():
        shutil.copytree(source / FILES, places.data / FILES)
    if (source / SECRETS).exists():
        shutil.copy2(source / SECRETS, places.data / SECRETS)
    say(f"✓ 已恢复到 · restored into {places.data}")
    return 0


def _newest(places: Places) -> Binaries:
    for binaries in candidates(places):
        if (binaries / "pg_dump").exists():
            return binaries
    raise Trouble("本机没有 pg_dump。", "There is no pg_dump on this machine.")
