"""Rows that every installation begins with: whom to visit, what closing asks, other ways, who
mediates."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huiyin.journey.closure.models import Demand, Mediator, VisitRule, Way

FOLDER = Path(__file__).parent / "reference"


def rows(name: str) -> Iterator[dict[str, Any]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load_reference() -> int:
    """Adds what is missing; what somebody edited stays."""
    made = _visit_rules()
    for model, name in ((Way, "ways"), (Demand, "demands")):
        for row in rows(name):
            code, condition = row.pop("code"), json.loads(row.pop("condition") or "null")
            fields = {**row, "condition": condition}
            if "waivable" in fields:
                fields["waivable"] = fields["waivable"] == "1"
            made += model._default_manager.get_or_create(code=code, defaults=fields)[1]
    return made + _mediators()


def _mediators() -> int:
    made = 0
    for row in rows("mediators"):
        code, row["days"] = row.pop("code"), int(row["days"]) if row["days"] else None
        made += Mediator.objects.get_or_create(code=code, defaults=row)[1]
    return made


def _visit_rules() -> int:
    if VisitRule.objects.exists():  # names can be edited, so they tell nothing: once is enough
        return 0
    made = 0
    for row in rows("visits"):
        condition = json.loads(row.pop("condition") or "null")
        VisitRule.objects.create(**row, condition=condition)
        made += 1
    return made
