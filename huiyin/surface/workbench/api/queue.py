"""One's own queue for programs: views kept under a name, and the columns of the list."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from ninja import Field, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground import moment
from huiyin.ground.people.models import Team, User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.workbench import actions, lists
from huiyin.surface.workbench.lists import Filters
from huiyin.surface.workbench.models import ListColumns, OwnView

router = Router(tags=["queue"])


class ViewIn(Schema):
    title: str = Field(max_length=200)
    query: dict[str, str] = Field({}, description="as in the address of the queue: view, status, …")
    shared_with: str = Field("", description="code of a team one leads; empty: for oneself")


class ViewOut(Schema):
    id: int
    title: str
    query: dict[str, str]
    shared_with: str | None
    by: str = Field(description="whose it is; only he changes it")
    page: str


class ColumnOut(Schema):
    key: str
    title: str
    shown: bool


class ColumnsIn(Schema):
    shown: list[str] = Field(max_length=50, description="keys; what is unknown is left out")


@router.get("/queue/views", response=list[ViewOut], summary="Views of the queue (视图)")
def list_views(request: HuiyinRequest) -> list[dict[str, object]]:
    """One's own, and those shared with one's teams."""
    return [_told(view) for view in OwnView.objects.shown_to(request.user)]


@router.post("/queue/views", response={201: ViewOut}, summary="Keep a view")
def create_view(request: HuiyinRequest, data: ViewIn) -> Answer[dict[str, object]]:
    return Answer(201, _kept(OwnView(user=request.user, at=moment.now()), data, request.user))


@router.put("/queue/views/{view_id}", response=ViewOut, summary="Change a view of one's own")
def change_view(request: HuiyinRequest, view_id: int, data: ViewIn) -> dict[str, object]:
    return _kept(get_object_or_404(request.user.own_views, pk=view_id), data, request.user)


@router.delete("/queue/views/{view_id}", response={204: None}, summary="Delete a view of one's own")
def delete_view(request: HuiyinRequest, view_id: int) -> Answer[None]:
    get_object_or_404(request.user.own_views, pk=view_id).delete()
    return Answer(204, None)


@router.get("/queue/columns", response=list[ColumnOut], summary="Columns of the queue (列)")
def list_columns(request: HuiyinRequest) -> list[dict[str, object]]:
    return _columns(request.user)


@router.put("/queue/columns", response=list[ColumnOut], summary="Choose columns")
def choose_columns(request: HuiyinRequest, data: ColumnsIn) -> list[dict[str, object]]:
    actions.keep_columns(request.user, data.shown)
    return _columns(request.user)


@router.delete("/queue/columns", response=list[ColumnOut], summary="The usual columns again")
def usual_columns(request: HuiyinRequest) -> list[dict[str, object]]:
    actions.keep_columns(request.user, None)
    return _columns(request.user)


def _kept(view: OwnView, data: ViewIn, by: User) -> dict[str, object]:
    view.query = Filters.read(data.query).query()
    team = Team.objects.filter(code=data.shared_with).first() if data.shared_with else None
    # A team that does not exist is refused like one that is not led: nothing is told of it.
    shared_with = str(team.pk if team else 0) if data.shared_with else ""
    return _told(actions.keep_view(view, {"title": data.title, "shared_with": shared_with}, by=by))


def _told(view: OwnView) -> dict[str, object]:
    return {
        "id": view.pk,
        "title": view.title,
        "query": view.query,
        "shared_with": view.team.code if view.team else None,
        "by": view.user.username,
        "page": f"{reverse('workbench:queue')}?{urlencode(view.query)}",
    }


def _columns(user: User) -> list[dict[str, object]]:
    kept = ListColumns.objects.filter(user=user).values_list("shown", flat=True).first()
    shown = lists.chosen(kept)
    return [
        {"key": one.key, "title": str(one.title), "shown": one in shown} for one in lists.COLUMNS
    ]
