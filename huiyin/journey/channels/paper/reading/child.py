"""The parent's side: start the child, wait, take its answer or say what went wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from huiyin.journey.channels.paper.reading.shape import USUAL, Limits

ROOT = Path(__file__).resolve().parents[5]  # where the package `huiyin` lies
TOO_MUCH = 77  # the child ends itself with it when it holds too much
MODULE = "huiyin.journey.channels.paper.reading"


class Unreadable(Exception):  # noqa: N818 — an answer about the scan, no error of ours
    """It cannot be drawn, and why, in a word: password, pixels, leaves, memory, cpu, broken."""


@dataclass(frozen=True)
class Drawn:
    """One page as a picture of ours (JPEG)."""

    place: int
    width: int
    height: int
    picture: bytes
    thumb: bytes


def look(path: Path, media: str, limits: Limits = USUAL) -> int:
    """How many pages it has."""
    head, _rest = ask({"wanted": "count", "path": str(path), "media": media}, limits)
    return int(head["leaves"])


def drawn(path: Path, media: str, begin: int, end: int, limits: Limits = USUAL) -> Iterator[Drawn]:
    """The pages from `begin` to before `end`."""
    order = {"wanted": "draw", "path": str(path), "media": media, "begin": begin, "end": end}
    head, rest = ask(order, limits)
    at = 0
    for page in head["pages"]:
        picture, thumb = page["sizes"]
        yield Drawn(
            page["place"],
            page["width"],
            page["height"],
            rest[at : at + picture],
            rest[at + picture : at + picture + thumb],
        )
        at += picture + thumb


def ask(order: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    # No environment: no secret of ours is in reach of what it reads.
    argv = [sys.executable, "-B", "-m", MODULE, json.dumps(order | {"limits": asdict(limits)})]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, no shell
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.wall,
            cwd=ROOT,
            env={"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("cpu") from error
    if done.returncode == 0:
        head, _end, rest = done.stdout.partition(b"\n")
        answer: dict[str, Any] = json.loads(head)
        if answer.get("fault"):
            raise Unreadable(answer["fault"])
        return answer, rest
    if done.returncode < 0:
        raise Unreadable("cpu" if -done.returncode in (9, 24) else "broken")
    if done.returncode == TOO_MUCH:
        raise Unreadable("memory")
    raise Unreadable("memory" if b"MemoryError" in done.stderr else "broken")
