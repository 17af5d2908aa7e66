"""What processes cost: CPU seconds and memory, read from /proc. Elsewhere than Linux: None."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks; the first is the state."""
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def family(root: int) -> list[int]:
    """The process and all below it."""
    found = [root]
    for pid in found:
        for file in (Path("/proc") / str(pid) / "task").glob("*/children"):
            try:
                found += [int(child) for child in file.read_text().split()]
            except OSError:  # it ended while we looked
                continue
    return found


def cpu_seconds(root: int | None) -> float | None:
    """User and system time of the family, with that of children which have ended."""
    if root is None or not Path("/proc/self/stat").exists():
        return None
    ticks = 0
    for pid in family(root):
        try:
            ticks += sum(int(field) for field in _stat(pid)[11:15])
        except OSError:
            continue
    return ticks / TICKS


def memory_mb(root: int) -> float | None:
    """Resident memory of the family, shared pages counted once (PSS)."""
    kb = 0
    for pid in family(root):
        try:
            lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            return None
        kb += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kb / 1024
