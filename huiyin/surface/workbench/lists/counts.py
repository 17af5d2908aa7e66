"""How many there are: of open rows only, so a count costs the same whatever the archive holds."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.kept import kept
from huiyin.surface.workbench.lists.standing import OPEN_ROWS, VIEWS

MOST_COUNTED = 999
OWN = "mine"  # differs between people who see the same, is found by its index, and is always now


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many rows each view of open rows has; all but one's own kept for some seconds."""
    seen = Complaint.objects.visible_to(user).filter(OPEN_ROWS)
    views = {view.key: view.picks(user, now) for view in VIEWS if view.key != "all"}
    own = seen.filter(views.pop(OWN)).count()

    def read() -> dict[str, int]:
        return seen.aggregate(**{key: Count("pk", filter=picks) for key, picks in views.items()})

    return {OWN: own, **kept("counts", seen, read)}


def shown_count(count: int) -> str:
    """999+ is enough to know."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
