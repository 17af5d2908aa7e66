"""The letters, phrases and quiet hours that every installation begins with; edited in the console
afterwards."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from typing import Any

from huiyin.surface.notices.models import DigestRule, LetterTemplate, Phrase, QuietHours

FOLDER = Path(__file__).parent / "reference"


def load_reference() -> int:
    made = 0
    for row in _rows("letters"):
        code = row.pop("code")
        made += LetterTemplate.objects.get_or_create(code=code, defaults=row)[1]
    if not Phrase.objects.exists():  # they have no code: only an empty table gets them
        made += len(Phrase.objects.bulk_create([Phrase(**row) for row in _rows("phrases")]))
    if not QuietHours.objects.exists():
        QuietHours.objects.create(begins=time(22), ends=time(8))
        made += 1
    if not DigestRule.objects.exists():
        DigestRule.objects.create()
        made += 1
    return made


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return rows
