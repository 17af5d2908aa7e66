"""The board: figures, heat, flow, causes, ages, who waits longest, who carries how much."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.models import SEES_ALL, ComplaintQuerySet
from huiyin.journey.complaint.words import Severity
from huiyin.journey.triage.models import Category
from huiyin.surface.oversight import charts, findings, rules
from huiyin.surface.oversight.board import Board, month, read, seen_by
from huiyin.surface.oversight.burning import MOST, burning
from huiyin.surface.oversight.permissions import can_make_wall, can_see_board
from huiyin.surface.oversight.rules import Week
from huiyin.surface.oversight.shapes import (
    ages,
    carriers,
    category_name,
    figures,
    loads,
    person_loads,
    queue,
    steps,
    waiting,
)
from huiyin.surface.oversight.words import Burn

# Days and causes are counted once a minute per reader: they cost as much as a month has
# complaints, and a line of thirty days does not move in a minute. What is open is of some seconds
# ago at most.
MONTH_IS_FRESH_FOR = 60  # seconds


@dataclass(frozen=True)
class Scope:
    """What the board is narrowed to; it stands in the address, so it can be kept and sent on."""

    team: Team | None = None
    severity: int | None = None
    burn: str = ""

    def query(self, **other: str) -> str:
        """The address of the same scope with something else chosen."""
        asked = {
            "team": self.team.code if self.team else "",
            "severity": str(self.severity or ""),
            "burn": self.burn,
            **other,
        }
        return urlencode({name: value for name, value in asked.items() if value})


@login_required
def board(request: HuiyinRequest) -> HttpResponse:
    """The board of all this person may see, or of a part; htmx asks for its inside alone."""
    can_see_board.require(request.user, None)
    teams = list(Team.objects.all())
    choices = [team for team in teams if may_choose(request.user, team)]
    scope = scope_of(request, choices)
    context = told(request.user, scope, {team.pk: team for team in teams})
    context |= {"scope": scope, "team": scope.team, "teams": choices}
    template = "oversight/inside.html" if request.htmx else "oversight/board.html"
    return render(request, template, context)


def scope_of(request: HuiyinRequest, choices: list[Team]) -> Scope:
    """What was asked for; another's team does not exist, other nonsense is left out."""
    code, severity = request.GET.get("team", ""), request.GET.get("severity", "")
    team = next((team for team in choices if team.code == code), None)
    if code and team is None:
        raise Http404
    burn = request.GET.get("burn", "")
    return Scope(
        team=team,
        severity=int(severity) if severity in {"1", "2", "3", "4"} else None,
        burn=burn if burn in Burn.values else "",
    )


def may_choose(user: User, team: Team) -> bool:
    """All teams for those who see all, else one's own."""
    return team.retired_at is None and (user.has_role(*SEES_ALL) or team.pk in user.team_ids)


def told(user: User, scope: Scope, teams: dict[int, Team]) -> dict[str, Any]:
    """The board in words and shapes for the page."""
    rows = seen_by(user, scope.team, scope.severity)
    seen = read(rows)
    week, month_html = last_month(user, scope)
    people = carriers(user, seen, scope.team)
    categories = Category.objects.names({complaint.category for complaint in seen.waiting})
    heat = rules.heat(seen.groups)

    def team_name(pk: int | None) -> str:
        return teams[pk].name if pk in teams else _("未派单")

    return {
        "board": seen,
        "figures": figures(seen.total, scope.team, week),
        "severities": list(Severity),
        **burns(user, rows, seen, scope),
        "steps": steps(seen.road, week, scope.team),
        "road_title": findings.of_road(seen.road),
        "heat_title": findings.of_heat(heat, team_name),
        "heat": [(team_name(pk), teams.get(pk or 0), cells) for pk, cells in heat.items()],
        "month": month_html,
        "ages_title": findings.of_ages(seen.total),
        "ages": ages(seen.total),
        "waiting": waiting(seen, categories),
        "department_loads": seen.departments,
        "departments_title": findings.of_departments(seen.departments),
        "team_loads": loads(rules.by(seen.groups, lambda g: g.team), teams, team_name),
        **person_loads(seen, people),
        "may_make_wall": can_make_wall(user, None),
    }


def burns(user: User, rows: ComplaintQuerySet, seen: Board, scope: Scope) -> dict[str, Any]:
    """What burns now, and how much for each reason."""
    counts = seen.burns
    burning_rows = burning(user, rows, only=scope.burn, counts=counts, now=moment.now())
    return {
        "burning": burning_rows,
        "burn_kinds": [
            (burn, counts[burn], scope.query(burn="" if burn == scope.burn else burn))
            for burn in Burn
            if counts[burn] or burn == scope.burn
        ],
        "burn_total": sum(counts.values()),
        "burn_more": more_burning(counts, scope),
    }


def more_burning(counts: dict[str, int], scope: Scope) -> str:
    """Where the rest of what was chosen stands; "" when all of it is shown."""
    if not scope.burn or counts[scope.burn] <= MOST:
        return ""
    views = {Burn.LATE: "late", Burn.UNSIGNED: "s1", Burn.SOON: "soon"}
    return queue(scope.team, view=views.get(Burn(scope.burn), "open"))


def last_month(user: User, scope: Scope) -> tuple[Week, str]:
    """(what this week brought, the two cards of the last 30 days)."""
    who = (user.pk, user.roles, user.team_ids, user.__dict__.get("written_about"))
    where = (scope.team and scope.team.pk, scope.severity, get_language(), moment.today())
    key = f"board:{hashlib.sha256(repr((who, where)).encode()).hexdigest()}"
    kept: tuple[Week, str] | None = cache.get(key)
    if kept is None:
        kept = drawn_month(user, scope)
        cache.set(key, kept, MONTH_IS_FRESH_FOR)
    return kept[0], mark_safe(kept[1])  # noqa: S308 — made by our own template


def drawn_month(user: User, scope: Scope) -> tuple[Week, str]:
    asked = month(seen_by(user, scope.team, scope.severity))
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
    week = Week(
        grown=received.now - closed.now,
        urgent=rules.week_trend(asked.urgent),
        closed=sum(asked.closed),
        archived=asked.archived,
    )
    return week, render_to_string("oversight/month.html", context)
