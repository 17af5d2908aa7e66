"""A version on its way: changed, handed to review, decided."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status as Answer

from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.api.shapes import NoteIn, TextIn, VersionOut
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.permissions import can_keep
from huiyin.ground.web.http import HuiyinRequest

router = Router()


class SaveIn(TextIn):
    revision: int


class DecisionIn(NoteIn):
    approve: bool


def _version(request: HuiyinRequest, version: int) -> Version:
    visible = Version.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("article__owner", "author", "reviewed_by"), pk=version
    )


@router.get("/knowledge/reviews", response=list[VersionOut], summary="What waits for your word")
def reviews(request: HuiyinRequest) -> Any:
    can_keep.require(request.user, None)
    return list(actions.waiting_for(request.user).select_related("reviewed_by")[:100])


@router.put("/knowledge/versions/{version}", response=VersionOut, summary="Change a draft")
def save(request: HuiyinRequest, version: int, said: SaveIn) -> Any:
    one = _version(request, version)
    return actions.save(one, by=request.user, text=said.text(), revision=said.revision)


@router.delete("/knowledge/versions/{version}", response={204: None}, summary="Give up a draft")
def discard(request: HuiyinRequest, version: int) -> Any:
    actions.discard(_version(request, version), by=request.user)
    return Answer(204, None)


@router.post(
    "/knowledge/versions/{version}/submission", response={204: None}, summary="Hand it to review"
)
def submit(request: HuiyinRequest, version: int) -> Any:
    actions.submit(_version(request, version), by=request.user)
    return Answer(204, None)


@router.delete(
    "/knowledge/versions/{version}/submission", response={204: None}, summary="Take it back"
)
def take_back(request: HuiyinRequest, version: int) -> Any:
    actions.take_back(_version(request, version), by=request.user)
    return Answer(204, None)


@router.post(
    "/knowledge/versions/{version}/review",
    response={204: None},
    summary="Approve, or send back with a note; never one's own",
)
def review(request: HuiyinRequest, version: int, said: DecisionIn) -> Any:
    one = _version(request, version)
    if said.approve:
        actions.approve(one, by=request.user, note=said.note)
    else:
        actions.send_back(one, by=request.user, note=said.note)
    return Answer(204, None)
