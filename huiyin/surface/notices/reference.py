"""The letters that every installation begins with; edited in the console afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from huiyin.surface.notices.models import LetterTemplate

FILE = Path(__file__).parent / "reference" / "letters.json"


def load_reference() -> int:
    made = 0
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        code = row.pop("code")
        made += LetterTemplate.objects.get_or_create(code=code, defaults=row)[1]
    return made
