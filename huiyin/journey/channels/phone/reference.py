"""Limits of calls and the ladder for abusive ones, as every installation begins with them."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.phone.models import Limit, Rung

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    """Adds what is missing; what somebody edited stays."""
    made = 0
    for row in _rows("limits.csv"):
        made += Limit.objects.get_or_create(code=row.pop("code"), defaults=row)[1]
    if not Rung.objects.exists():  # steps are taken out and put in: only an empty ladder is filled
        made += len(Rung.objects.bulk_create([Rung(**row) for row in _rows("ladder.csv")]))
    return made


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
