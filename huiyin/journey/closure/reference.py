"""Rows that every installation begins with: whom to visit."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huiyin.journey.closure.models import VisitRule

FOLDER = Path(__file__).parent / "reference"


def rows(name: str) -> Iterator[dict[str, Any]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load_reference() -> int:
    """Adds what is missing; what somebody edited stays."""
    return _visit_rules()


def _visit_rules() -> int:
    if VisitRule.objects.exists():  # names can be edited, so they tell nothing: once is enough
        return 0
    made = 0
    for row in rows("visits"):
        condition = json.loads(row.pop("condition") or "null")
        VisitRule.objects.create(**row, condition=condition)
        made += 1
    return made
