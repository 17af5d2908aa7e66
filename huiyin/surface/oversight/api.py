"""The board and the league for programs: the same figures, of what the caller may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.journey.complaint.models import SEES_ALL
from huiyin.surface.oversight import rules
from huiyin.surface.oversight.board import read, seen_by
from huiyin.surface.oversight.burning import burning
from huiyin.surface.oversight.league import LEAGUES
from huiyin.surface.oversight.permissions import can_see_board
from huiyin.surface.oversight.rules.league import period
from huiyin.surface.oversight.words import Burn

router = Router(tags=["oversight"])


class Narrowed(Schema):
    team: str = Field("", description="code of a team; empty: all the caller may see")
    severity: Literal[1, 2, 3, 4] | None = None
    burn: Burn | Literal[""] = Field("", description="one reason alone, up to fifty rows")


class LoadOut(Schema):
    open: int
    due_today: int
    overdue: int
    urgent: int = Field(description="S1")


class TeamOut(LoadOut):
    team: str | None = Field(description="code; null: not given to any team yet")


class StepOut(Schema):
    step: str
    count: int
    late: int


class DepartmentOut(Schema):
    department: str = Field(description="code")
    open: int
    unsigned: int
    late: int
    soon: int
    disputed: int


class BurningOut(Schema):
    burn: Burn
    number: str
    severity: int | None
    who: str
    due_at: datetime | None


class BoardOut(Schema):
    at: datetime = Field(description="the figures are kept for some seconds")
    total: LoadOut
    burns: dict[str, int]
    burning: list[BurningOut]
    teams: list[TeamOut]
    departments: list[DepartmentOut]
    road: list[StepOut]


def _load(load: rules.Load) -> dict[str, int]:
    names = ("open", "due_today", "overdue", "urgent")
    return {name: getattr(load, name) for name in names}


def _chosen(user: User, code: str) -> Team:
    """One's own team, or any for those who see all; another's does not exist."""
    mine = Team.objects.filter(retired_at=None)
    if not user.has_role(*SEES_ALL):
        mine = mine.filter(pk__in=user.team_ids)
    return get_object_or_404(mine, code=code)


@router.get("/board", response=BoardOut, summary="Board")
def board(request: HuiyinRequest, asked: Query[Narrowed]) -> dict[str, Any]:
    can_see_board.require(request.user, None)
    team = _chosen(request.user, asked.team) if asked.team else None
    rows = seen_by(request.user, team, asked.severity)
    seen = read(rows)
    codes = dict(Team.objects.values_list("pk", "code"))
    found = burning(request.user, rows, only=asked.burn, counts=seen.burns, now=moment.now())
    return {
        "at": seen.at,
        "total": _load(seen.total),
        "burns": seen.burns,
        "burning": [
            {
                "burn": one.burn,
                "number": one.complaint.number,
                "severity": one.complaint.severity,
                "who": one.who,
                "due_at": one.due_at,
            }
            for one in found
        ],
        "teams": [
            {"team": codes.get(pk or 0), **_load(load)}
            for pk, load in rules.by(seen.groups, lambda group: group.team).items()
        ],
        "departments": [
            {
                "department": one.code,
                **{n: getattr(one, n) for n in ("open", "unsigned", "late", "soon", "disputed")},
            }
            for one in seen.departments
        ],
        "road": [
            {"step": str(STEPS[step.at]), "count": step.count, "late": step.late}
            for step in seen.road
        ],
    }


class LeagueAsked(Schema):
    of: Literal["departments", "teams"] = "departments"
    period: Literal["week", "month", "last-month", "30", "90", "quarter"] = "30"
    since: date | None = Field(None, description="with until: a period of one's own")
    until: date | None = None


class CellOut(Schema):
    measure: str
    part: int
    whole: int
    share: float | None = Field(description="null of nothing")


class LineOut(Schema):
    key: str
    name: str
    rank: int | None = Field(description="null: too few cases to be ranked")
    cells: list[CellOut]


class LeagueOut(Schema):
    since: date
    until: date
    lines: list[LineOut]


@router.get("/league", response=LeagueOut, summary="League of timeliness")
def league(request: HuiyinRequest, asked: Query[LeagueAsked]) -> dict[str, Any]:
    can_see_board.require(request.user, None)
    this = next(one for one in LEAGUES if one.key == asked.of)
    own = asked.since and asked.until
    chosen = period("own" if own else asked.period, moment.today(), asked.since, asked.until)
    return {
        "since": chosen.since,
        "until": chosen.until,
        "lines": [
            {
                "key": line.key,
                "name": line.name,
                "rank": line.rank,
                "cells": [
                    {"measure": m.key, "part": c.part, "whole": c.whole, "share": c.share}
                    for m, c in zip(this.measures, line.cells, strict=True)
                ],
            }
            for line in this.lines(seen_by(request.user), chosen)
        ],
    }
