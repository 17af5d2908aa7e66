"""Remedies and limits that every installation begins with; the limits are to be confirmed."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from huiyin.journey.resolution.models import AuthorityLimit, Figure, JointRule, Remedy, figures
from huiyin.journey.resolution.words import Mark

FOLDER = Path(__file__).parent / "reference"
SOURCE = "产品默认值，启用前请由负责人确认"


def load_reference() -> int:
    return _remedies() + _figures() + _limits() + _joint_rules()


def _limits() -> int:
    """A role's limit for a kind that has any row, also a later one, is left as it is."""
    there = set(AuthorityLimit.objects.values_list("role", "kind"))
    rows = [row for row in _rows("limits.csv") if (row["role"], row["kind"]) not in there]
    for row in rows:
        amounts = {name: int(row[name]) if row[name] else None for name in AMOUNTS}
        told = {"role": row["role"], "kind": row["kind"], "source": SOURCE}
        AuthorityLimit.objects.create(**told, **amounts, valid_from=FIRST_DAY)
    return len(rows)


AMOUNTS = ("per_case_fen", "percent", "monthly_fen", "alone_fen")


def _joint_rules() -> int:
    made = 0
    for row in _rows("joint_rules.csv"):
        told = {
            "name": row["name"],
            "name_en": row["name_en"],
            "condition": json.loads(row["condition"]),
            "roles": row["roles"].split("|"),
            "source": row["source"],
            "valid_from": FIRST_DAY,
        }
        made += JointRule.objects.get_or_create(code=row["code"], defaults=told)[1]
    return made


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _remedies() -> int:
    made = 0
    for row in _rows("remedies.csv"):
        code = row.pop("code")
        told = {
            **row,
            "needs_amount": row["needs_amount"] == "1",
            "days": int(row["days"]),
            "limit_fen": int(row["limit_fen"]) if row["limit_fen"] else None,
            "limit_percent": int(row["limit_percent"]) if row["limit_percent"] else None,
            "fits": json.loads(row["fits"]) if row["fits"] else None,
            "fields": [_field(one) for one in _rows("remedy_fields.csv") if one["remedy"] == code],
            "execution": [_step(one) for one in _rows("remedy_steps.csv") if one["remedy"] == code],
        }
        remedy, new = Remedy.objects.get_or_create(code=code, defaults=told)
        made += new or _enrich(remedy, told)
    return made


FIRST_DAY = date(2026, 1, 1)  # from here on this table counts
VERIFIED_ON = date(2026, 11, 22)  # the day on which the sources were read


def figure_rows() -> list[dict[str, Any]]:
    """The numbers of the calculators as every installation begins with them."""
    return [
        {
            **row,
            "value": int(row["value"]),
            "valid_from": FIRST_DAY,
            "verified_on": VERIFIED_ON if row["mark"] == Mark.VERIFIED else None,
        }
        for row in _rows("figures.csv")
    ]


def _figures() -> int:
    """A number that has any row, also a later one, is left as it is."""
    there = set(Figure.objects.values_list("code", flat=True))
    new = [Figure(**row) for row in figure_rows() if row["code"] not in there]
    Figure.objects.bulk_create(new)
    figures.forget()
    return len(new)


def _enrich(remedy: Remedy, told: dict[str, Any]) -> bool:
    """A remedy from before it had fields and steps gets them, once; its words stay as they are."""
    if remedy.response_kind:
        return False
    for name in NEWER:
        setattr(remedy, name, told[name])
    remedy.save(update_fields=NEWER)
    return True


NEWER = (
    *("response_kind", "money_kind", "fields", "limit_fen", "limit_percent"),
    *("calculator", "basis", "asked_as", "fits", "execution"),
)


def _field(row: dict[str, str]) -> dict[str, Any]:
    choices = [one.split(":") for one in row["choices"].split("|") if one]
    return {
        **{name: row[name] for name in ("name", "label_zh", "label_en", "type")},
        "required": row["required"] == "1",
        "choices": [{"value": value, "zh": zh, "en": en} for value, zh, en in choices],
    }


def _step(row: dict[str, str]) -> dict[str, Any]:
    return {**{name: row[name] for name in ("what_zh", "what_en", "by")}, "days": int(row["days"])}
