"""Envelopes and templates that every installation begins with."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.channels.paper.models import Template, Window

FOLDER = Path(__file__).parent / "reference"
NUMBERS = ("left", "top", "width", "height", "sender_top", "body_top")


def load_reference() -> int:
    """Add rows that are missing; returns how many. Rows that exist stay as they were edited."""
    made = _windows()
    by_code = {window.code: window for window in Window.objects.all()}
    there = set(Template.objects.values_list("code", flat=True))
    defaults = set(Template.objects.filter(is_default=True).values_list("language", flat=True))
    for row in _rows("templates.csv"):
        if row["code"] in there:
            continue
        wanted = row.pop("is_default") == "1" and row["language"] not in defaults
        window = by_code[row.pop("window")]
        Template.objects.create(**row, window=window, is_default=wanted)
        made += 1
    return made


def _windows() -> int:
    there = set(Window.objects.values_list("code", flat=True))
    new = [
        Window(**{key: float(value) if key in NUMBERS else value for key, value in row.items()})
        for row in _rows("windows.csv")
        if row["code"] not in there
    ]
    return len(Window.objects.bulk_create(new, ignore_conflicts=True))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
