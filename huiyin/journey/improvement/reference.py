"""Kinds and rules that every installation begins with; the limits are to be confirmed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from huiyin.journey.improvement.models import BulletinRule, Kind, Rule

FOLDER = Path(__file__).parent / "reference"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_reference() -> int:
    """Adds what is missing; what somebody edited stays."""
    made = 0
    for place, row in enumerate(_rows("kinds.csv")):
        causes = [part for part in row.pop("causes").split("|") if part]
        fields = {
            **row,
            "amount": Decimal(row["amount"]),
            "causes": causes,
            "position": 10 * (place + 1),
        }
        made += Kind.objects.get_or_create(code=fields.pop("code"), defaults=fields)[1]
    for row in _rows("bulletin_rules.csv"):
        made += BulletinRule.objects.get_or_create(code=row.pop("code"), defaults=row)[1]
    if Rule.objects.exists():  # names can be edited, so they tell nothing: once is enough
        return made
    for row in _rows("rules.csv"):
        same = [part for part in row.pop("same").split("|") if part]
        kind = Kind.objects.get(code=row.pop("kind"))
        Rule.objects.create(**row, same=same, kind=kind)
        made += 1
    return made
