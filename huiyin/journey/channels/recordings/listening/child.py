"""The parent's side: start the child, follow its progress, take its answer or say what failed."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from huiyin.journey.channels.recordings.listening.shape import (
    SAID,
    SAID_FROM,
    Copied,
    Heard,
    Limits,
    Unheard,
)
from huiyin.journey.channels.recordings.rules.figures import Standard

ROOT = Path(__file__).resolve().parents[5]  # where the package `huiyin` lies
MODULE = "huiyin.journey.channels.recordings.listening"
USUAL = Limits()
LONGEST_LINE = 16 * 1024 * 1024  # bytes; the figures of four hours are a tenth of it
Answer = TypeVar("Answer", Heard, Copied)


def hear(
    path: Path,
    *,
    standard: Standard | None = None,
    limits: Limits = USUAL,
    progress: Callable[[float], None] = lambda _share: None,
) -> Heard:
    """Listen to a file. Raises Unheard with a word for what it is."""
    order = {"wanted": "whole", "path": str(path), "standard": asdict(standard or Standard())}
    answer: dict[str, Any] = {}

    def line(text: bytes) -> None:
        said = json.loads(text)
        if "progress" in said:
            progress(said["progress"])
        answer.update(said.get("told", {}))

    _run(order, limits, line)
    return _whole(Heard, answer)


def copy(
    path: Path,
    into: IO[bytes],
    *,
    limits: Limits = USUAL,
    progress: Callable[[float], None] = lambda _share: None,
) -> Copied:
    """The same sound as Ogg/Opus, written to `into`. Only where `can_copy`."""
    answer: dict[str, Any] = {}
    size = 0

    def line(text: bytes) -> None:
        nonlocal size
        said = json.loads(text)
        if "piece" in said:
            piece = base64.b64decode(said["piece"], validate=True)
            size += len(piece)
            if size > limits.copy:
                raise Unheard("large")
            into.write(piece)
        if "progress" in said:
            progress(said["progress"])
        answer.update(said.get("told", {}))

    _run({"wanted": "copy", "path": str(path)}, limits, line)
    return _whole(Copied, answer)


def can_copy() -> bool:
    """Whether the extra `audio` is installed here."""
    return importlib.util.find_spec("av") is not None


def _whole(shape: type[Answer], answer: dict[str, Any]) -> Answer:
    """What the child said, if it said what was asked."""
    try:
        return shape(**answer)
    except TypeError as error:
        raise Unheard("fault") from error


def part(
    path: Path, begin: float, end: float, *, lane: int | None = None, limits: Limits = USUAL
) -> bytes:
    """A part of it as WAV in one channel."""
    order = {"wanted": "part", "path": str(path), "begin": begin, "end": end, "lane": lane}
    return _run(order, limits, None)


def _run(order: dict[str, Any], limits: Limits, line: Callable[[bytes], None] | None) -> bytes:
    # -S and no environment: only the folders of the decoders are on its way, and no secret of ours.
    argv = [
        sys.executable,
        "-S",
        "-B",
        "-m",
        MODULE,
        json.dumps(order | {"limits": asdict(limits)}),
    ]
    env = {"PYTHONPATH": os.pathsep.join(_packages()), "OPENBLAS_NUM_THREADS": "1"}
    child = subprocess.Popen(  # noqa: S603 — our own module, no shell
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=env,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    watch = threading.Timer(limits.wall, end)
    watch.daemon = True
    watch.start()
    kept = b""
    try:
        assert child.stdout is not None
        if line is None:
            kept = child.stdout.read()
        else:
            for text in iter(partial(child.stdout.readline, LONGEST_LINE), b""):
                _taken(line, text)
        child.wait()
    finally:
        watch.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if child.returncode == 0:
        return kept
    raise Unheard("timeout" if late.is_set() else _why(child.returncode))


def _taken(line: Callable[[bytes], None], text: bytes) -> None:
    """A child that was made to say something else is not understood, and is ended."""
    try:
        line(text)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Unheard("fault") from error


def _why(code: int) -> str:
    if code < 0:
        return "cpu" if -code in (9, 24) else "memory" if -code in (6, 7, 11) else "fault"
    said = code - SAID_FROM
    return SAID[said] if 0 <= said < len(SAID) else "fault"


def _packages() -> list[str]:
    """Where numpy and the decoders lie; the folder is the same for all of them in a venv."""
    found = []
    for name in ("numpy", "soundfile", "_soundfile_data", "webrtcvad", "cffi", "av"):
        spec = importlib.util.find_spec(name)
        if spec and spec.origin:
            place = Path(spec.origin).parent
            found.append(str(place.parent if spec.submodule_search_locations else place))
    return list(dict.fromkeys(found))
