"""The fields every installation begins with (domain §7.7); edited in the console afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from huiyin.journey.intake.models import Field

FIELDS = Path(__file__).parent / "reference" / "fields.json"


def load_reference() -> int:
    """Add fields whose key is not there yet; returns how many. Edited ones stay as they are."""
    rows = json.loads(FIELDS.read_text(encoding="utf-8"))
    there = set(Field.objects.values_list("key", flat=True))
    new = [Field(**row) for row in rows if row["key"] not in there]
    return len(Field.objects.bulk_create(new, ignore_conflicts=True))
