"""How many there are: of open rows only, so a count costs the same whatever the archive holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from huiyin.ground.people.models import User
from huiyin.journey.complaint.models import SEES_ALL, Complaint
from huiyin.surface.workbench.lists.standing import OPEN_ROWS, VIEWS

MOST_COUNTED = 999


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many rows each view of open rows has, in one query.

    Where one sees a part, the part is counted; where one sees everything, each view is counted on
    its own index and only as far as it is told.
    """
    views = [view for view in VIEWS if view.key != "all"]
    seen = Complaint.objects.visible_to(user).filter(OPEN_ROWS)
    if user.has_role(*SEES_ALL):
        return _capped({view.key: seen.filter(view.picks(user, now)) for view in views})
    return seen.aggregate(**{v.key: Count("pk", filter=v.picks(user, now)) for v in views})


def _capped(found: dict[str, Any]) -> dict[str, int]:
    parts, params = [], []
    for rows in found.values():
        sql, given = rows.order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(found, cursor.fetchone(), strict=True))


def shown_count(count: int) -> str:
    """999+ is enough to know."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
