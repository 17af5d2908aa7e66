"""The signs by which mails are told apart that every installation begins with."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.mail.models import Sign

FILE = Path(__file__).parent / "reference" / "signs.csv"


def load_reference() -> int:
    """Add rows that are missing; returns how many. Rows that exist stay as they were edited."""
    with FILE.open(encoding="utf-8", newline="") as file:
        wanted = [Sign(**row) for row in csv.DictReader(file)]
    there = set(Sign.objects.values_list("kind", "header", "pattern"))
    new = [row for row in wanted if (row.kind, row.header, row.pattern) not in there]
    return len(Sign.objects.bulk_create(new, ignore_conflicts=True))
