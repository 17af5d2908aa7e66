"""The product's own policies and ladders (domain §3.3) and packs of laws (§3.2); edited in the
console."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from huiyin.journey.clocks.models import Ladder, Policy, Rung, Term, forget
from huiyin.journey.clocks.words import ClockKind

FOLDER = Path(__file__).parent / "reference"


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_reference() -> int:
    """A policy that exists keeps its terms, also those that somebody took out."""
    terms = _rows("terms.csv")
    made = 0
    for row in _rows("policies.csv"):
        own = [_term(t) for t in terms if t["policy"] == row["code"]]
        flags = {name: row.pop(name) == "1" for name in ("enabled", "suspendable")}
        made += _new(row, own, **flags)
    for row in _rows("packs.csv"):
        limits = {kind: row.pop(kind) for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)}
        extra, steps = row.pop("most_extra"), row.pop("extra_steps")
        own = [_limit(k, said, extra, steps) for k, said in limits.items() if said]
        made += _new(row, own, is_law=True)
    made += _ladders()
    forget()
    return made


def _new(row: dict[str, str], terms: list[Term], **flags: bool) -> bool:
    """Laws come switched off: which of them bind an organisation, somebody there decides."""
    fields: dict[str, object] = {**row, "verified_on": row["verified_on"] or None}
    policy, new = Policy.objects.get_or_create(
        code=fields.pop("code"), defaults={**fields, **flags}
    )
    if new:
        for term in terms:
            term.policy = policy
        Term.objects.bulk_create(terms)
    return new


def _ladders() -> int:
    """A ladder that exists keeps its rungs, also those that somebody took out."""
    made, rungs = 0, _rows("rungs.csv")
    for row in _rows("ladders.csv"):
        fields: dict[str, object] = {**row, "condition": json.loads(row["condition"])}
        fields |= {name: _listed(row[name]) for name in ("kinds", "policies")}
        ladder, new = Ladder.objects.get_or_create(code=fields.pop("code"), defaults=fields)
        if new:
            own = [_rung(ladder, rung) for rung in rungs if rung["ladder"] == ladder.code]
            Rung.objects.bulk_create(own)
        made += new
    return made


def _rung(ladder: Ladder, r: dict[str, str]) -> Rung:
    return Rung(
        ladder=ladder,
        measure=r["measure"],
        amount=r["amount"],
        unit=r["unit"],
        receivers=_listed(r["receivers"]),
        kind=r["kind"],
        in_product=r["in_product"] == "1",
        by_mail=r["by_mail"] == "1",
        min_work_days=int(r["min_work_days"]),
    )


def _listed(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _term(t: dict[str, str]) -> Term:
    return Term(
        kind=t["kind"],
        amount=t["amount"],
        unit=t["unit"],
        calendar_code=t["calendar_code"],
        warn_percent=int(t["warn_percent"]),
        pauses_for_customer=t["pauses_for_customer"] == "1",
        pauses_for_testing=t["pauses_for_testing"] == "1",
        most_extra=t["most_extra"],
    )


def _limit(kind: str, said: str, extra: str, steps: str) -> Term:
    """“15 days”: a limit of a law. Waiting for the customer stops none; a test does."""
    amount, unit = said.split()
    ends = kind == ClockKind.RESOLUTION
    return Term(
        kind=kind,
        amount=amount,
        unit=unit,
        calendar_code="office",
        pauses_for_customer=False,
        pauses_for_testing=ends,
        most_extra=extra if ends else "0",
        extra_steps=steps if ends else "",
    )
