"""The board: figures, heat, flow, causes, ages, who waits longest, who carries how much."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import SEES_ALL
from huiyin.journey.complaint.words import Severity
from huiyin.journey.triage.models import Category
from huiyin.surface.oversight import charts, findings, rules
from huiyin.surface.oversight.board import Board, month, read, seen_by
from huiyin.surface.oversight.permissions import can_see_board
from huiyin.surface.oversight.rules import Load, Week

PEOPLE_SHOWN = 10  # at first; the rest unfolds
# Days and causes are counted once a minute per reader: they cost as much as a month has
# complaints, and a line of thirty days does not move in a minute. What is open is of some seconds
# ago at most.
MONTH_IS_FRESH_FOR = 60  # seconds


@login_required
def board(request: HuiyinRequest) -> HttpResponse:
    """The board of all this person may see, or of one team; htmx asks for its inside alone."""
    can_see_board.require(request.user, None)
    teams = list(Team.objects.all())
    choices = [team for team in teams if may_choose(request.user, team)]
    code = request.GET.get("team", "")
    team = next((team for team in choices if team.code == code), None)
    if code and team is None:
        raise Http404
    context = told(request.user, team, {team.pk: team for team in teams})
    context |= {"team": team, "teams": choices}
    template = "oversight/inside.html" if request.htmx else "oversight/board.html"
    return render(request, template, context)


def may_choose(user: User, team: Team) -> bool:
    """All teams for those who see all, else one's own."""
    return team.retired_at is None and (user.has_role(*SEES_ALL) or team.pk in user.team_ids)


def told(user: User, team: Team | None, teams: dict[int, Team]) -> dict[str, Any]:
    """The board in words and shapes for the page."""
    seen = read(seen_by(user, team))
    week, month_html = last_month(user, team)
    people = User.objects.only("name", "presence").in_bulk(
        {group.person for group in seen.groups if group.person}
    )
    categories = Category.objects.names({complaint.category for complaint in seen.waiting})
    heat = rules.heat(seen.groups)

    def team_name(pk: int | None) -> str:
        return teams[pk].name if pk in teams else _("未派单")

    def person_name(pk: int | None) -> str:
        return people[pk].name if pk in people else _("未分配")

    person_loads = loads(rules.by(seen.groups, lambda g: g.person), people, person_name)
    return {
        "board": seen,
        "figures": figures(seen.total, team, week),
        "severities": list(Severity),
        "heat_title": findings.of_heat(heat, team_name),
        "heat": [(team_name(pk), teams.get(pk or 0), cells) for pk, cells in heat.items()],
        "month": month_html,
        "ages_title": findings.of_ages(seen.total),
        "ages": ages(seen.total),
        "waiting": waiting(seen, categories),
        "team_loads": loads(rules.by(seen.groups, lambda g: g.team), teams, team_name),
        "person_loads": person_loads[:PEOPLE_SHOWN],
        "more_people": person_loads[PEOPLE_SHOWN:],
    }


def last_month(user: User, team: Team | None) -> tuple[Week, str]:
    """(what this week brought, the two cards of the last 30 days)."""
    scope = (user.pk, user.roles, user.team_ids, user.__dict__.get("written_about"))
    where = (team and team.pk, get_language(), moment.today())
    key = f"board:{hashlib.sha256(repr((scope, where)).encode()).hexdigest()}"
    kept: tuple[Week, str] | None = cache.get(key)
    if kept is None:
        kept = drawn_month(user, team)
        cache.set(key, kept, MONTH_IS_FRESH_FOR)
    return kept[0], mark_safe(kept[1])  # noqa: S308 — made by our own template


def drawn_month(user: User, team: Team | None) -> tuple[Week, str]:
    asked = month(seen_by(user, team))
    found = rules.pareto(asked.causes)
    names = Category.objects.names({bar.code for bar in found.bars})

    def name(code: str) -> str:
        return category_name(names, code)

    received, closed = rules.week_trend(asked.received), rules.week_trend(asked.closed)
    context = {
        "flow_title": findings.of_flow(received, closed),
        "flow": charts.flow(asked.days, asked.received, asked.closed),
        "flow_rows": list(zip(asked.days, asked.received, asked.closed, strict=True))[::-1],
        "closing_rate": rules.percent(sum(asked.closed), sum(asked.received)),
        "causes_title": findings.of_causes(found, name),
        "causes": [(name(bar.code), bar.count, bar.cumulative * 100) for bar in found.bars],
        "causes_chart": charts.causes(found, name),
    }
    week = Week(received.now - closed.now, rules.week_trend(asked.urgent))
    return week, render_to_string("oversight/month.html", context)


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
