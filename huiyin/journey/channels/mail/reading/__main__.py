"""The child: limits first, then one mail from standard input, one answer to standard output."""

from __future__ import annotations

import json
import re
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from huiyin.journey.channels.mail.reading.shape import Limits


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    limits = Limits(**order["limits"])
    _limit(limits)
    from huiyin.journey.channels.mail.reading.whole import Mail

    mail = Mail(sys.stdin.buffer.read(limits.size + 1), limits)
    if order["wanted"] == "bytes":
        _give_bytes(mail.bytes_of(order["places"]))
        return
    read = mail.read(headers_only=order["wanted"] == "headers")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer = {
        "read": asdict(read),
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": _peak(),
    }
    sys.stdout.write(json.dumps(answer))


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _peak() -> int:
    """Bytes of memory at most; where the system says it only of a process and its parents, 0."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _give_bytes(found: dict[int, bytes]) -> None:
    """One line that says which and how long, then the bytes one after the other."""
    out = sys.stdout.buffer
    out.write(json.dumps([[place, len(data)] for place, data in found.items()]).encode() + b"\n")
    for data in found.values():
        out.write(data)


main()
