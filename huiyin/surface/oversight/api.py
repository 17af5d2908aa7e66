"""The board and the league for programs: the same figures, of what the caller may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.lifecycle import STEPS
from huiyin.journey.complaint.models import SEES_ALL
from huiyin.surface.oversight import actions, rules
from huiyin.surface.oversight.board import read, seen_by
from huiyin.surface.oversight.burning import burning
from huiyin.surface.oversight.league import LEAGUES
from huiyin.surface.oversight.models import Wall
from huiyin.surface.oversight.permissions import can_make_wall, can_see_board
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


class WallIn(Schema):
    name: str = Field(max_length=200, description="where it hangs")
    team: str = Field("", description="code of a team; empty: figures of all")
    days: Literal[7, 30, 90, 180]


class WallOut(Schema):
    id: int
    name: str
    team: str | None
    by: str
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class NewWallOut(WallOut):
    address: str = Field(description="the key to the screen; shown this once")


@router.get("/walls", response=list[WallOut], summary="Wall screens in use (大屏)")
def list_walls(request: HuiyinRequest) -> list[dict[str, object]]:
    can_make_wall.require(request.user, None)
    alive = Wall.objects.alive(moment.now()).select_related("team", "by")
    return [_wall(wall) for wall in alive]


@router.post("/walls", response={201: NewWallOut}, summary="Open a wall screen")
def open_wall(request: HuiyinRequest, data: WallIn) -> Answer[dict[str, object]]:
    can_make_wall.require(request.user, None)
    team = get_object_or_404(Team, code=data.team, retired_at=None) if data.team else None
    wall, token = actions.open_wall(by=request.user, name=data.name, team=team, days=data.days)
    address = settings.BASE_URL + reverse("oversight:wall", args=(token,))
    return Answer(201, {**_wall(wall), "address": address})


@router.post("/walls/{wall_id}/closing", response=WallOut, summary="Close a wall screen for good")
def close_wall(request: HuiyinRequest, wall_id: int) -> dict[str, object]:
    can_make_wall.require(request.user, None)
    wall = get_object_or_404(Wall.objects.select_related("team", "by"), pk=wall_id)
    actions.close_wall(wall, by=request.user)
    wall.refresh_from_db(fields=("revoked_at",))
    return _wall(wall)


def _wall(wall: Wall) -> dict[str, object]:
    return {
        "id": wall.pk,
        "name": wall.name,
        "team": wall.team.code if wall.team else None,
        "by": wall.by.username,
        "at": wall.at,
        "expires_at": wall.expires_at,
        "revoked_at": wall.revoked_at,
    }
