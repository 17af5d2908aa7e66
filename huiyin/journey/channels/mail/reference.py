"""The signs by which mails are told apart, and the providers of mailboxes, that every installation
begins with."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.mail.models import Provider, Sign

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    """Add rows that are missing; returns how many. Rows that exist stay as they were edited."""
    wanted = [Sign(**row) for row in _rows("signs.csv")]
    there = set(Sign.objects.values_list("kind", "header", "pattern"))
    new = [row for row in wanted if (row.kind, row.header, row.pattern) not in there]
    made = len(Sign.objects.bulk_create(new, ignore_conflicts=True))
    known = set(Provider.objects.values_list("name", flat=True))
    providers = [Provider(**row) for row in _rows("providers.csv") if row["name"] not in known]
    return made + len(Provider.objects.bulk_create(providers, ignore_conflicts=True))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
