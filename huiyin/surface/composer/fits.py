"""On which of the last complaints a condition would propose its remedy."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.ground.conditions.rules import Condition
from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.resolution.fitting import Case

MOST_ASKED = 30  # each may need what was found on it and what its customer had
MOST_SHOWN = 5


@dataclass(frozen=True)
class Lately:
    asked: int
    count: int
    latest: list[Complaint]


def lately(user: User, condition: Condition | None) -> Lately:
    """Of the last complaints that the reader sees, those it would be proposed on."""
    seen = Complaint.objects.visible_to(user).for_list().order_by("-received_at", "-pk")
    asked = list(seen[:MOST_ASKED])
    fit = [one for one in asked if Case(one).fits(condition)]
    return Lately(len(asked), len(fit), fit[:MOST_SHOWN])
