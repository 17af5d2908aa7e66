"""How the last similar complaints ended: bounded, by an index, and only those the reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.triage import knowledge
from huiyin.surface.composer import rules
from huiyin.surface.composer.models import Precedent

MOST = 50  # precedents that are looked at
LOOKED_AT = 200  # the last ones, of which those are taken that the reader sees


@dataclass(frozen=True)
class Found:
    """The precedents of one level that the reader sees; of others not even how many."""

    category: str
    name: str
    level: int  # 3 the category itself, 2 its group, 1 its kind
    rows: list[Precedent]

    @property
    def figures(self) -> list[rules.Figure]:
        return rules.figures([ended(row) for row in self.rows])

    def narrowed(self, remedy: str, satisfaction: str) -> list[Precedent]:
        """The rows that one figure was counted from."""
        return [
            row
            for row in self.rows
            if (not remedy or row.remedy_id == remedy)
            and (not satisfaction or row.closing.satisfaction == satisfaction)
        ]


def ended(row: Precedent) -> rules.Ended:
    return rules.Ended(
        complaint_id=row.complaint_id,
        remedy=row.remedy_id,
        amount_fen=row.amount_fen,
        outcome=row.closing.outcome,
        satisfaction=row.closing.satisfaction,
    )


def find(user: User, complaint: Complaint) -> Found:
    """Of the category itself if there are enough, else of its group, else of its kind."""
    found = Found(complaint.category, "", 3, [])
    if not complaint.category:
        return found
    asked: set[str] = set()
    for level in rules.LEVELS:
        code = rules.levels(complaint.category)[level - 1]
        if code in asked:
            continue
        asked.add(code)
        found = _of(user, complaint, level, code)
        if len(found.rows) >= rules.ENOUGH:
            break
    return found


def _of(user: User, complaint: Complaint, level: int, code: str) -> Found:
    similar = Precedent.objects.filter(**{f"level{level}": code}).exclude(complaint=complaint)
    last = similar.order_by("-ended_at")
    keys = list(last.values_list("complaint_id", flat=True)[:LOOKED_AT])
    visible = Complaint.objects.visible_to(user).filter(pk__in=keys)
    seen = set(visible.values_list("pk", flat=True))
    shown = [key for key in keys if key in seen][:MOST]
    rows: Any = Precedent.objects.filter(complaint__in=shown).order_by("-ended_at")
    rows = list(rows.select_related("complaint", "closing", "remedy")) if shown else []
    return Found(code, _name(code), level, rows)


def _name(code: str) -> str:
    category = knowledge.current().categories.get(code)
    return category.name if category else code
