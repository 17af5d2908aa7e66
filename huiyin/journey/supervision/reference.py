"""Rules and terms that every installation begins with; the limits are to be confirmed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from huiyin.journey.supervision.models import Rule, Term

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    made = 0
    with (FOLDER / "terms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fields = {"amount": Decimal(row["amount"]), "unit": row["unit"]}
            made += Term.objects.get_or_create(level=row["level"], defaults=fields)[1]
    if Rule.objects.exists():  # names can be edited, so they tell nothing: once is enough
        return made
    with (FOLDER / "rules.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["amount"] = Decimal(row["amount"]) if row["amount"] else None  # type: ignore[assignment]
            Rule.objects.create(**row)
            made += 1
    return made
