"""The parent's side of reading: start the child, wait, take its answer or say what went wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

# Imported here only so that its bytecode is written once: the child writes no file.
from huiyin.journey.channels.mail.reading import whole as _compiled  # noqa: F401
from huiyin.journey.channels.mail.reading.shape import USUAL, Limits, Read, from_json

ROOT = Path(__file__).resolve().parents[5]  # where the package `huiyin` lies
MODULE = "huiyin.journey.channels.mail.reading"


class Unreadable(Exception):  # noqa: N818 — an answer of the mail's, no error of ours
    """The child did not answer: out of time, out of memory, or a fault of ours in it."""


@dataclass(frozen=True)
class Measured:
    read: Read
    cpu: float = 0.0  # seconds, of both readings where there were two
    peak: int = 0  # bytes


def read(raw: bytes, limits: Limits = USUAL) -> Read:
    """What it says. Never raises for what the bytes are: `fault` tells that it is not all."""
    return measured(raw, limits).read


def measured(raw: bytes, limits: Limits = USUAL) -> Measured:
    """The same with what it cost."""
    try:
        return _answer(raw, "read", limits)
    except Unreadable as fault:
        crude = replace(limits, cpu=2, parts=1, headers=200, header=min(limits.header, 16 * 1024))
        try:
            found = _answer(raw[: 1024 * 1024], "headers", crude)
        except Unreadable:
            return Measured(Read(fault=str(fault)))
        return replace(found, read=replace(found.read, fault=str(fault)))


def part_bytes(raw: bytes, place: int, limits: Limits = USUAL) -> bytes:
    """A file of the mail; raises Unreadable when there is none at this place."""
    found = parts_bytes(raw, [place], limits)
    if place not in found:
        raise Unreadable("no such part")
    return found[place]


def parts_bytes(raw: bytes, places: list[int], limits: Limits = USUAL) -> dict[int, bytes]:
    """Several at once, in one child."""
    out = _run(raw, {"wanted": "bytes", "places": places}, limits)
    head, _end, rest = out.partition(b"\n")
    found, at = {}, 0
    for place, size in json.loads(head):
        found[place] = rest[at : at + size]
        at += size
    return found


def _answer(raw: bytes, wanted: str, limits: Limits) -> Measured:
    answer = json.loads(_run(raw, {"wanted": wanted}, limits))
    return Measured(from_json(answer["read"]), answer["cpu"], answer["peak"])


def _run(raw: bytes, order: dict[str, Any], limits: Limits) -> bytes:
    # -S: no packages; no environment: no secret of ours is in reach of what it reads.
    argv = [
        sys.executable,
        "-S",
        "-B",
        "-m",
        MODULE,
        json.dumps(order | {"limits": asdict(limits)}),
    ]
    try:
        done = subprocess.run(  # noqa: S603 — our own module, no shell
            argv,
            input=raw,
            capture_output=True,
            timeout=limits.wall,
            cwd=ROOT,
            env={"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("timeout") from error
    if done.returncode == 0:
        return done.stdout
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if done.returncode < 0:
        raise Unreadable("cpu" if -done.returncode in (9, 24) else f"signal {-done.returncode}")
    raise Unreadable("memory" if "MemoryError" in last else last[:200] or "fault")
