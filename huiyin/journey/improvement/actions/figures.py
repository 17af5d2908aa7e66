"""K28 (整改完成率) and the share that helped, each with the rows it was counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from huiyin.ground.people.models import User
from huiyin.journey.improvement import rules
from huiyin.journey.improvement.models import Improvement
from huiyin.journey.improvement.words import Stage

DAYS = 90

# What each figure counts, as the list of that name shows it.
DUE = ~Q(stage__in=(Stage.DISMISSED, Stage.PROPOSED))
KEPT = Q(verified_at__lte=F("first_due_at"))
CHECKED = Q(stage__in=(Stage.EFFECTIVE, Stage.INEFFECTIVE))
HELPED = Q(stage=Stage.EFFECTIVE)


@dataclass(frozen=True)
class Figures:
    """`kept` of `due`: done and verified by the first due date. `helped` of `checked`."""

    due: int
    kept: int
    checked: int
    helped: int

    @property
    def kept_percent(self) -> int | None:
        return rules.share(self.kept, self.due)

    @property
    def helped_percent(self) -> int | None:
        return rules.share(self.helped, self.checked)


def due_within(now: datetime, days: int = DAYS) -> Q:
    """Whose first due date fell into the last `days`."""
    return DUE & Q(first_due_at__gt=now - timedelta(days=days), first_due_at__lte=now)


def checked_within(now: datetime, days: int = DAYS) -> Q:
    return CHECKED & Q(ended_at__gt=now - timedelta(days=days), ended_at__lte=now)


def figures(user: User, now: datetime, days: int = DAYS) -> Figures:
    """Over what this person sees, in one question."""
    due, checked = due_within(now, days), checked_within(now, days)
    found = Improvement.objects.visible_to(user).filter(due | checked)
    counted = found.aggregate(
        due=Count("pk", filter=due),
        kept=Count("pk", filter=due & KEPT),
        checked=Count("pk", filter=checked),
        helped=Count("pk", filter=checked & HELPED),
    )
    return Figures(**counted)
