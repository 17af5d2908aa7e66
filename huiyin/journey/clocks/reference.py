"""The product's own policies (domain §3.3); edited in the console afterwards."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.journey.clocks.models import Policy, Term, forget

FOLDER = Path(__file__).parent / "reference"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_reference() -> int:
    """A policy that exists keeps its terms, also those that somebody took out."""
    made = 0
    terms = _rows("terms.csv")
    for row in _rows("policies.csv"):
        code = row.pop("code")
        fields: dict[str, object] = {**row, "enabled": row["enabled"] == "1"}
        policy, new = Policy.objects.get_or_create(code=code, defaults=fields)
        if not new:
            continue
        made += 1
        Term.objects.bulk_create(
            Term(
                policy=policy,
                kind=t["kind"],
                amount=t["amount"],
                unit=t["unit"],
                calendar_code=t["calendar_code"],
                warn_percent=int(t["warn_percent"]),
                pauses_for_customer=t["pauses_for_customer"] == "1",
                pauses_for_testing=t["pauses_for_testing"] == "1",
                most_extra=t["most_extra"],
            )
            for t in terms
            if t["policy"] == code
        )
    forget()
    return made
