"""What changed between two versions, field by field and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Step
from huiyin.ground.people.words import Role

TEXTS = ("title", "body", "title_en", "body_en")
FACTS = (
    *("source", "clause", "edition", "dated", "url", "checked", "audience", "roles"),
    *("categories", "remedies", "steps", "keywords", "valid_from", "valid_to"),
)


@dataclass(frozen=True)
class Change:
    """One field: its name, and its lines (same, gone, new, changed) in pieces."""

    label: str
    lines: list[tuple[str, list[tuple[str, str]]]]


def difference(before: Version, after: Version) -> list[Change]:
    """Only what is not the same; of long texts the lines around."""
    found = []
    for name in TEXTS + FACTS:
        old, new = _said(before, name), _said(after, name)
        if old != new:
            label = str(Version._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Change(label, _near(rules.diff(old, new))))
    return found


def _said(version: Version, name: str) -> str:
    display = getattr(version, f"get_{name}_display", None)
    value: Any = getattr(version, name)
    if name == "steps":
        value = [Step(one).label for one in value]
    elif name == "roles":
        value = [Role(one).label for one in value]
    elif display is not None:
        return str(display())
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value) if value is not None else ""


AROUND = 2


def _near(lines: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Lines that are the same are left out where they are far from any change."""
    keep: set[int] = set()
    for at, (what, _pieces) in enumerate(lines):
        if what != "same":
            keep.update(range(at - AROUND, at + AROUND + 1))
    shown: list[tuple[str, Any]] = []
    for at, line in enumerate(lines):
        if at in keep:
            shown.append(line)
        elif not shown or shown[-1][0] != "skipped":
            shown.append(("skipped", []))
    return shown
