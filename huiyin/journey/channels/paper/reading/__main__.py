"""The child: limits first, then one scan, one answer to standard output."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Any

from huiyin.journey.channels.paper.reading.child import TOO_MUCH
from huiyin.journey.channels.paper.reading.shape import Limits


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    limits = Limits(**order["limits"])
    _limit(limits)
    from huiyin.journey.channels.paper.reading.drawing import Fault, count, draw

    out = sys.stdout.buffer
    try:
        if order["wanted"] == "count":
            leaves = count(order["path"], order["media"], limits)
            out.write(json.dumps({"leaves": leaves}).encode() + b"\n")
            return
        if order["wanted"] == "read":
            out.write(json.dumps(_recognised(order, limits)).encode() + b"\n")
            return
        pages = list(draw(order["path"], order["media"], order["begin"], order["end"], limits))
    except Fault as fault:
        out.write(json.dumps({"fault": str(fault)}).encode() + b"\n")
        return
    told = [
        {
            "place": one.place,
            "width": one.width,
            "height": one.height,
            "sizes": [len(one.picture), len(one.thumb)],
        }
        for one in pages
    ]
    out.write(json.dumps({"pages": told}).encode() + b"\n")
    for one in pages:
        out.write(one.picture + one.thumb)


def _recognised(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from huiyin.journey.channels.paper.reading.drawing import whole
    from huiyin.journey.channels.paper.reading.ocr import recognise

    image = whole(order["path"], order["media"], order["place"], limits, limits.side)
    answer = recognise(image)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return answer | {"cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024}


def _watch(most: int) -> None:
    """End it when it holds more than it may: a limit of addresses says nothing of that."""
    while True:
        with contextlib.suppress(OSError, ValueError, IndexError):
            held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
            if held > most:
                os._exit(TOO_MUCH)
        time.sleep(0.1)


def _limit(limits: Limits) -> None:
    threading.Thread(target=_watch, args=(limits.resident,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


main()
