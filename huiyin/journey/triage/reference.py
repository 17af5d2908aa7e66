"""The taxonomy and the words every installation begins with; edited in the console afterwards."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db.models import Model

from huiyin.journey.triage.models import (
    Category,
    Edition,
    EmotionWord,
    Facet,
    HandlingRule,
    RiskPhrase,
    SeverityPoint,
)

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    """Add rows that are missing; returns how many. Rows that exist stay as they were edited."""
    made = (
        _add(Category, "code", [_category(at, row) for at, row in enumerate(rows("categories"))])
        + _add(Facet, "code", [_facet(at, row) for at, row in enumerate(rows("facets"))])
        + _add(SeverityPoint, "key", [_point(row) for row in rows("severity_points")])
        + _add(HandlingRule, "code", [_handling(row) for row in rows("handling_rules")])
        + _add(EmotionWord, "word", [EmotionWord(**row) for row in rows("emotion_words")])
        + _add_phrases()
    )
    if made:
        Edition.turn()
    return made


def rows(name: str) -> list[dict[str, Any]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _add(model: type[Model], key: str, rows: list[Any]) -> int:
    there = set(model._default_manager.values_list(key, flat=True))
    new = [row for row in rows if getattr(row, key) not in there]
    return len(model._default_manager.bulk_create(new, ignore_conflicts=True))


def _add_phrases() -> int:
    there = set(RiskPhrase.objects.values_list("group", "pattern"))
    wanted = [RiskPhrase(**row) for row in rows("risk_phrases")]
    new = [row for row in wanted if (row.group, row.pattern) not in there]
    return len(RiskPhrase.objects.bulk_create(new, ignore_conflicts=True))


def _category(place: int, row: dict[str, Any]) -> Category:
    return Category(
        code=row["code"],
        parent_id=row["parent"] or None,
        level=row["code"].count(".") + 1,
        place=place,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        description_zh=row["description_zh"],
        description_en=row["description_en"],
        severity=_severity(row["severity"]) or 3,
        sla_code=row["default_sla"],
        handling_rule=row["handling_rule"],
        nature=row["nature"],
        owner_dept=row["owner_dept"],
        seeds=row["seeds"],
        source=row["source"],
    )


def _facet(place: int, row: dict[str, Any]) -> Facet:
    return Facet(
        code=row["code"],
        parent_id=row["parent"] or None,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        severity=_severity(row["severity"]),
        sla_code=row["default_sla"],
        place=place,
        source=row["source"],
    )


def _severity(text: str) -> int | None:
    return int(text.removeprefix("S")) if text else None


def _point(row: dict[str, Any]) -> SeverityPoint:
    threshold = float(row["threshold"]) if row["threshold"] else None
    return SeverityPoint(**{**row, "points": int(row["points"]), "threshold": threshold})


def _handling(row: dict[str, Any]) -> HandlingRule:
    steps = {key: row[key].replace("|", "\n") for key in ("steps_zh", "steps_en")}
    return HandlingRule(**{**row, **steps})
