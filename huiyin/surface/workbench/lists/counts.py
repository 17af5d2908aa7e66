"""How many there are: of open rows only, so a count costs the same whatever the archive holds."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.workbench.lists.standing import OPEN_ROWS, VIEWS

MOST_COUNTED = 999


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many rows each view of open rows has: one query over open rows only."""
    views = [view for view in VIEWS if view.key != "all"]
    return (
        Complaint.objects.visible_to(user)
        .filter(OPEN_ROWS)
        .aggregate(**{view.key: Count("pk", filter=view.picks(user, now)) for view in views})
    )


def shown_count(count: int) -> str:
    """999+ is enough to know."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
