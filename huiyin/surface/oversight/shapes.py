"""The board's figures in the shapes that its page draws."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.ground.people.models import Team, User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.web.templatetags.frame import span_in_words
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.journey.complaint.models import SEES_ALL
from huiyin.journey.complaint.words import Status
from huiyin.surface.oversight import findings, rules
from huiyin.surface.oversight.board import Board
from huiyin.surface.oversight.rules import Load, Step, Week

PEOPLE_SHOWN = 12  # at first; the rest unfolds
CLOSED_STEP = 8  # 结案, and 归档 after it
WORKERS = (Role.AGENT, Role.SPECIALIST)


def carriers(user: User, seen: Board, team: Team | None) -> dict[int, User]:
    """Those who carry something, and those who could: present handlers of the teams shown."""
    has = Q(pk__in={group.person for group in seen.groups if group.person})
    if team is not None:
        in_scope = Q(teams=team)
    else:
        in_scope = Q() if user.has_role(*SEES_ALL) else Q(teams__in=user.team_ids)
    free = Q(is_active=True, presence=Presence.PRESENT, roles__overlap=list(WORKERS)) & in_scope
    found = User.objects.people().filter(has | free).only("name", "presence").distinct()
    return {person.pk: person for person in found}


def person_loads(seen: Board, people: dict[int, User]) -> dict[str, Any]:
    """Who carries how much, an S1 as four: the heaviest first, whoever is free at the end."""
    sums = rules.by(seen.groups, lambda group: group.person)
    sums |= {pk: Load() for pk in people if pk not in sums}
    heaviest = max((load.weight for pk, load in sums.items() if pk), default=0) or 1

    def name(pk: int | None) -> str:
        return people[pk].name if pk in people else _("未分配")

    ordered = sorted(sums.items(), key=lambda kv: (kv[0] is None, -kv[1].weight, name(kv[0])))
    rows = [
        (name(pk), people.get(pk or 0), load, round(100 * load.weight / heaviest) if pk else 0)
        for pk, load in ordered
    ]
    return {"person_loads": rows[:PEOPLE_SHOWN], "more_people": rows[PEOPLE_SHOWN:]}


def steps(road: list[Step], week: Week, team: Team | None) -> list[dict[str, Any]]:
    """The ten steps as a picture: a bar each, what is late in it, and how long nothing happened.

    The last two hold what is done: closed within thirty days, and archived of those.
    """
    done = {CLOSED_STEP: week.closed - week.archived, CLOSED_STEP + 1: week.archived}
    tallest = max([step.count for step in road], default=0) or 1
    return [
        {
            "name": STEPS[step.at],
            "count": done.get(step.at, step.count),
            "late": step.late,
            "is_done": step.at in done,
            "height": _height(step.count, tallest),
            "late_height": _height(step.late, tallest),
            "average": span_in_words(step.average) if step.count else "",
            "longest": span_in_words(step.longest) if step.count else "",
            "parts": [
                (part, Status(part.status).label, queue(team, view="open", status=part.status))
                for part in step.parts
            ],
        }
        for step in road
    ]


def _height(count: int, tallest: int) -> int:
    """Of a bar, 0 to 100; what is there is seen."""
    return max(3, round(100 * count / tallest)) if count else 0


def category_name(names: dict[str, str], code: str) -> str:
    return names.get(code) or code or _("待分类")


def waiting(seen: Board, names: dict[str, str]) -> list[tuple[Any, str, Any]]:
    """(complaint, its category, how long it waits)."""
    return [
        (c, category_name(names, c.category), max(seen.at - c.received_at, timedelta(0)))
        for c in seen.waiting
    ]


def figures(total: Load, team: Team | None, week: Week) -> list[dict[str, Any]]:
    """The four that matter; each opens its rows in the queue."""
    return [
        {
            "name": _("未结"),
            "count": total.open,
            "tone": "",
            "note": _("近 7 日净增 %(grown)+d") % {"grown": week.grown},
            "href": queue(team, view="open"),
        },
        {
            "name": _("今日到期"),
            "count": total.due_today,
            "tone": "warn" if total.due_today else "",
            "note": _("明日 %(count)d 件") % {"count": total.tomorrow},
            "href": queue(team, view="open", due="today"),
        },
        {
            "name": _("已超时"),
            "count": total.overdue,
            "tone": "bad" if total.overdue else "good",
            "note": _("近 24 小时新增 %(count)d 件") % {"count": total.newly_late},
            "href": queue(team, view="late"),
        },
        {
            "name": _("S1 紧急"),
            "count": total.urgent,
            "tone": "bad" if total.urgent else "good",
            "note": findings.of_urgent(week.urgent),
            "href": queue(team, view="s1"),
        },
    ]


def queue(team: Team | None, **wanted: str) -> str:
    """The queue, narrowed to what a figure counts."""
    narrowed = {"team": str(team.pk)} if team is not None else {}
    return f"{reverse('workbench:queue')}?{urlencode({**wanted, **narrowed})}"


def ages(total: Load) -> list[dict[str, Any]]:
    peak = max(total.ages) or 1
    return [
        {
            "label": label,
            "count": count,
            "share": rules.percent(count, total.open),
            "width": round(100 * count / peak),
        }
        for label, count in zip(rules.AGE_LABELS, total.ages, strict=True)
    ]


def loads(
    sums: dict[int | None, Load], rows: dict[int, Any], name: Callable[[int | None], str]
) -> list[tuple[str, Any, Load]]:
    """(name, the row or None, load) per team or person."""
    return [(name(pk), rows.get(pk or 0), load) for pk, load in sums.items()]
