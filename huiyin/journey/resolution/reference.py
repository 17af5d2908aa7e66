"""Remedies and limits that every installation begins with; the limits are to be confirmed."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from huiyin.journey.resolution.models import AuthorityLimit, Remedy

FOLDER = Path(__file__).parent / "reference"
SOURCE = "产品默认值，启用前请由负责人确认"


def load_reference() -> int:
    made = 0
    with (FOLDER / "remedies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row.pop("code")
            fields = {**row, "needs_amount": row["needs_amount"] == "1", "days": int(row["days"])}
            made += Remedy.objects.get_or_create(code=code, defaults=fields)[1]
    with (FOLDER / "limits.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made += AuthorityLimit.objects.get_or_create(
                role=row["role"],
                defaults={
                    "per_case_fen": int(row["per_case_fen"]),
                    "monthly_fen": int(row["monthly_fen"]) if row["monthly_fen"] else None,
                    "source": SOURCE,
                    "valid_from": date(2026, 1, 1),
                },
            )[1]
    return made
