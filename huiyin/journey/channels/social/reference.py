"""The signals of a crisis that every installation begins with."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.social.models import Signal

FILE = Path(__file__).parent / "reference" / "signals.csv"


def load_reference() -> int:
    """Add rows that are missing; returns how many. Rows that exist stay as they were edited."""
    with FILE.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    there = set(Signal.objects.values_list("kind", "pattern", "least"))
    new = [
        Signal(**{**row, "least": int(row["least"]), "severity": int(row["severity"])})  # type: ignore[misc]
        for row in wanted
        if (row["kind"], row["pattern"], int(row["least"])) not in there
    ]
    return len(Signal.objects.bulk_create(new, ignore_conflicts=True))
