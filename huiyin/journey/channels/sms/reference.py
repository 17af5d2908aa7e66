"""What is settled about text messages when an installation begins."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.sms.models import Rule

FILE = Path(__file__).parent / "reference" / "rules.csv"


def load_reference() -> int:
    """Add rows that are missing; returns how many. Of figures only where there is none of the kind,
    so that a changed one stays alone."""
    with FILE.open(encoding="utf-8", newline="") as file:
        wanted = [Rule(**row) for row in csv.DictReader(file)]
    there = set(Rule.objects.values_list("kind", "value"))
    kinds = {kind for kind, _value in there}
    new = [
        row
        for row in wanted
        if (row.kind, row.value) not in there
        and (row.kind in ("stop", "start") or row.kind not in kinds)
    ]
    return len(Rule.objects.bulk_create(new, ignore_conflicts=True))
