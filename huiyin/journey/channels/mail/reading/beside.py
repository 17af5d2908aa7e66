"""Running one of the children that make a mail fit to be shown."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 20.0  # by the wall, on a busy machine


@dataclass(frozen=True)
class Shown:
    """Cleaned HTML with the places of its pictures; `fault` when it could not be cleaned."""

    html: str = ""
    remote: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    fault: bool = False


def cleaned(html: str) -> Shown:
    answer = _child("cleaning.py", html.encode("utf-8", "replace"))
    if not answer:
        return Shown(fault=True)
    said = json.loads(answer)
    return Shown(said["html"], tuple(said["remote"]), tuple(said["inside"]))


def painted(data: bytes) -> bytes:
    """The picture as PNG or JPEG; b"" for what is none."""
    return _child("picture.py", data)


def _child(name: str, data: bytes) -> bytes:
    """What it wrote; b"" when it died of its limits or of what it was given."""
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and file
            [sys.executable, "-I", str(HERE / name)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
