"""The system user that PostgreSQL runs as: it refuses to be root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.talk import Trouble


@dataclass(frozen=True)
class Person:
    """The one whose files the server may touch."""

    uid: int
    gid: int
    name: str

    @property
    def as_child(self) -> dict[str, object]:
        """Arguments for subprocess that start a child as this user."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, flag: str, path: Path) -> bool:
        """Whether this user passes `test <flag> <path>`, every folder on the way included."""
        test = subprocess.run(
            ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            **self.as_child,  # type: ignore[call-overload]
        )
        return bool(test.returncode == 0)


def named(uid: int) -> Person:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Person(uid, os.getegid(), str(uid))
    return Person(uid, entry.pw_gid, entry.pw_name)


def in_place_of_root() -> Person:
    """Whom root lets run it."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Person(entry.pw_uid, entry.pw_gid, name)
    raise Trouble(
        "PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 用户。请用普通用户运行。",
        "PostgreSQL does not run as root, and there is no user postgres or nobody here. "
        "Run as an ordinary user.",
    )
