"""The child: limits first, then one file, its answer line by line on standard output."""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

from huiyin.journey.channels.recordings.listening.shape import SAID, SAID_FROM, Limits, Unheard


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    limits = Limits(**order["limits"])
    _limit(limits)
    wanted = order["wanted"]
    from huiyin.journey.channels.recordings.listening import whole
    from huiyin.journey.channels.recordings.rules.figures import Standard

    try:
        if wanted == "copy":
            from huiyin.journey.channels.recordings.listening import foreign

            told = foreign.copied(order["path"], limits, _progress)
        elif wanted == "part":
            sound = whole.part(order["path"], limits, order["begin"], order["end"], order["lane"])
            sys.stdout.buffer.write(sound)
            return
        else:
            told = whole.heard(order["path"], limits, Standard(**order["standard"]), _progress)
    except Unheard as error:
        sys.exit(SAID_FROM + SAID.index(error.why))
    except MemoryError:
        sys.exit(SAID_FROM + SAID.index("memory"))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"cpu": usage.ru_utime + usage.ru_stime, "peak": _peak()}
    sys.stdout.write(json.dumps({"told": told | cost}) + "\n")


def _progress(share: float) -> None:
    sys.stdout.write(json.dumps({"progress": round(share, 3)}) + "\n")
    sys.stdout.flush()


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _peak() -> int:
    """Bytes of memory at most; 0 where the system does not say."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


main()
