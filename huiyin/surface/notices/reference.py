"""The letters and phrases that every installation begins with; edited in the console afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from huiyin.surface.notices.models import LetterTemplate, Phrase

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    made = 0
    for row in _rows("letters"):
        code = row.pop("code")
        made += LetterTemplate.objects.get_or_create(code=code, defaults=row)[1]
    if not Phrase.objects.exists():  # they have no code: only an empty table gets them
        made += len(Phrase.objects.bulk_create([Phrase(**row) for row in _rows("phrases")]))
    return made


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows
