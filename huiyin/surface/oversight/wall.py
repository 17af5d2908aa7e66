"""What a wall shows: figures alone. No name of a person, no number and no word of a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Min

from huiyin.ground import moment
from huiyin.ground.people.models import Team
from huiyin.journey.complaint.models import Complaint, ComplaintQuerySet
from huiyin.journey.complaint.words import Severity
from huiyin.surface.kept import kept
from huiyin.surface.oversight import rules
from huiyin.surface.oversight.board import Month, month, open_groups, road
from huiyin.surface.oversight.burning import UNSIGNED
from huiyin.surface.oversight.departments import DepartmentLoad, department_loads
from huiyin.surface.oversight.models import Wall
from huiyin.surface.oversight.rules import Load, Step

DAYS = 14
MONTH_IS_FRESH_FOR = 60  # seconds
MOST_A_MINUTE = 120  # requests by one link: a screen asks four times
MISSES_A_MINUTE = 20  # of one address


@dataclass(frozen=True)
class Shown:
    at: datetime
    total: Load
    teams: dict[int | None, Load]
    road: list[Step]
    departments: list[DepartmentLoad]
    next_urgent: datetime | None  # when the next S1 is due
    unsigned_since: datetime | None  # since when an S1 has waited for a signature
    month: Month


def seen_on(wall: Wall) -> ComplaintQuerySet:
    """What its maker may see, of its team; nothing that is restricted is even counted."""
    seen = Complaint.objects.visible_to(wall.by).filter(restricted=False)
    return seen if wall.team is None else seen.filter(team=wall.team)


def shown(wall: Wall) -> Shown:
    """All screens of one scope ask the database once in some seconds together."""
    seen = seen_on(wall)
    now, groups, steps, departments, urgent = kept("wall", seen, lambda: _figures(seen))
    return Shown(
        at=now,
        total=rules.total(groups),
        teams=rules.by(groups, lambda group: group.team),
        road=steps,
        departments=departments,
        next_urgent=urgent["due"],
        unsigned_since=urgent["since"],
        month=_month(wall, seen),
    )


def _figures(seen: ComplaintQuerySet) -> tuple[datetime, list, list, list, dict]:  # type: ignore[type-arg]
    now = moment.now()
    open_s1 = seen.open().filter(severity=Severity.S1)
    urgent = open_s1.aggregate(due=Min("next_due_at"), since=Min("received_at", filter=UNSIGNED))
    return now, open_groups(seen, now), road(seen, now), department_loads(seen, now), urgent


def _month(wall: Wall, seen: ComplaintQuerySet) -> Month:
    key = f"wall-month:{wall.by_id}:{wall.team_id}:{moment.today()}"
    found: Month | None = cache.get(key)
    if found is None:
        found = month(seen)
        cache.set(key, found, MONTH_IS_FRESH_FOR)
    return found


def team_names() -> dict[int, str]:
    """What teams are called; a new one appears within the minute."""
    found: dict[int, str] | None = cache.get("wall-teams")
    if found is None:
        found = dict(Team.objects.values_list("pk", "name"))
        cache.set("wall-teams", found, MONTH_IS_FRESH_FOR)
    return found


def too_often(key: str, most: int) -> bool:
    """Counted by the minute in this process; nothing is written: a GET changes nothing."""
    place = f"wall-asked:{key}:{int(moment.now().timestamp() // 60)}"
    cache.add(place, 0, 90)
    return cache.incr(place) > most
