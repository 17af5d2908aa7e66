"""The library of cases: what is asked for, in keyset pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from huiyin.ground.people.models import User
from huiyin.journey.closure.models import Case
from huiyin.journey.closure.words import CaseState

PAGE = 30


@dataclass(frozen=True)
class Asked:
    """Checked: unknown values are dropped, never an error."""

    state: str = CaseState.ACCEPTED
    q: str = ""
    category: str = ""
    after: int | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Asked:
        state, after = asked.get("state", ""), asked.get("after", "")
        return cls(
            state=state if state in CaseState.values else CaseState.ACCEPTED,
            q=asked.get("q", "").replace("\0", "").strip()[:60],
            category=asked.get("category", "").replace("\0", "").strip()[:20],
            after=int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else None,
        )

    def query(self) -> dict[str, str]:
        asked = {"state": self.state, "q": self.q, "category": self.category}
        return {name: value for name, value in asked.items() if value}


def page(user: User, asked: Asked, size: int = PAGE) -> tuple[list[Case], int | None]:
    """The newest first; and the id to go on from, if more follow."""
    found = Case.objects.visible_to(user).filter(state=asked.state)
    if asked.category:
        under = Q(category=asked.category) | Q(category__startswith=f"{asked.category}.")
        found = found.filter(under)
    if asked.q:
        words = Q(title__icontains=asked.q) | Q(story__icontains=asked.q)
        found = found.filter(words | Q(lesson__icontains=asked.q))
    if asked.after:
        found = found.filter(pk__lt=asked.after)
    rows = list(found.select_related("by", "judged_by").order_by("-pk")[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None
