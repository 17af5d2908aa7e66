"""The surveys that every installation begins with, and the rule that sends the first of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from huiyin.ground import moment
from huiyin.journey.survey import rules
from huiyin.journey.survey.models import SendRule, Survey, Version

FOLDER = Path(__file__).parent / "reference"


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def load_reference() -> int:
    """Adds what is missing; what somebody edited or published since stays."""
    made = 0
    for row in rows("surveys"):
        version = row.pop("version")
        code = row.pop("code")
        now = moment.now()
        survey, is_new = Survey.objects.get_or_create(code=code, defaults={**row, "at": now})
        made += is_new
        if is_new:
            questions = rules.checked(version.pop("questions"))
            Version.objects.create(
                survey=survey, number=1, questions=questions, at=now, published_at=now, **version
            )
    if not SendRule.objects.exists():  # they have no code: only an empty table gets them
        for row in rows("rules"):
            survey = Survey.objects.get(code=row.pop("survey"))
            SendRule.objects.create(survey=survey, **row)
            made += 1
    return made
