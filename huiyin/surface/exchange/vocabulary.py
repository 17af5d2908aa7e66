"""How people call columns and values: tables beside the code, read once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from huiyin.surface.exchange.rules import folded

FOLDER = Path(__file__).parent / "reference"


@cache
def headers() -> dict[str, tuple[str, ...]]:
    """Column by column the headers that mean it, the likeliest first."""
    with (FOLDER / "headers.csv").open(encoding="utf-8", newline="") as file:
        return {r["column"]: tuple(map(folded, r["headers"].split())) for r in csv.DictReader(file)}


@cache
def values() -> dict[str, dict[str, str]]:
    """For channel and severity: the value that a word in the file means."""
    found: dict[str, dict[str, str]] = {}
    with (FOLDER / "values.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                found.setdefault(row["column"], {})[folded(word)] = row["value"]
    return found
