"""Bulletins for programs: publish, who has read them, confirm, withdraw."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status as Answer

from huiyin.ground.people.models import Department, Team
from huiyin.ground.refusal import NotPermitted
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.api.improvements import improvement_seen
from huiyin.journey.improvement.api.shapes import (
    BulletinIn,
    BulletinOut,
    ReadingOut,
)
from huiyin.journey.improvement.models import Bulletin, Reading
from huiyin.journey.improvement.permissions import can_see_readers

router = Router(tags=["improvement"])


def _bulletin(request: HuiyinRequest, pk: int) -> Bulletin:
    visible = Bulletin.objects.visible_to(request.user).select_related("by")
    found: Bulletin = get_object_or_404(visible, pk=pk)
    return found


@router.get("/bulletins", response=list[BulletinOut], summary="Bulletins latest first (通报)")
def list_bulletins(
    request: HuiyinRequest, unread: bool = False, after: int | None = None
) -> list[Bulletin]:
    found = Bulletin.objects.visible_to(request.user)
    if unread:
        found = Bulletin.objects.unread_by(request.user)
    if after:
        found = found.filter(pk__lt=after)
    return list(found.select_related("by").order_by("-pk")[:50])


@router.post("/bulletins", response={201: BulletinOut}, summary="Publish a bulletin")
def publish(request: HuiyinRequest, data: BulletinIn) -> Answer[Bulletin]:
    source = improvement_seen(request, data.improvement) if data.improvement else None
    made = actions.publish(
        by=request.user,
        title=data.title,
        text=data.text,
        due_at=data.due_at,
        to_all=data.to_all,
        teams=Team.objects.filter(code__in=data.teams),
        departments=Department.objects.in_use().filter(code__in=data.departments),
        improvement=source,
    )
    return Answer(201, made)


@router.get("/bulletins/{bulletin}", response=BulletinOut, summary="One bulletin")
def get_bulletin(request: HuiyinRequest, bulletin: int) -> Bulletin:
    return _bulletin(request, bulletin)


@router.get("/bulletins/{bulletin}/readers", response=list[ReadingOut], summary="Who has read it")
def list_readers(request: HuiyinRequest, bulletin: int) -> list[Reading]:
    found = _bulletin(request, bulletin)
    readings = actions.readings_for(found, request.user)
    if readings is None:
        raise NotPermitted(can_see_readers.sentence)
    return readings


@router.post(
    "/bulletins/{bulletin}/reminders", response=BulletinOut, summary="Remind who has not read it"
)
def remind(request: HuiyinRequest, bulletin: int) -> Bulletin:
    """By hand: as often as the rule says, once a day."""
    actions.remind_by_hand(_bulletin(request, bulletin), by=request.user)
    return _bulletin(request, bulletin)


@router.post(
    "/bulletins/{bulletin}/note", response=BulletinOut, summary="A head takes note (知道了)"
)
def take_note(request: HuiyinRequest, bulletin: int) -> Bulletin:
    found = _bulletin(request, bulletin)
    actions.take_note(found, by=request.user)
    return found


@router.post("/bulletins/{bulletin}/reading", response=ReadingOut, summary="Confirm (已阅)")
def confirm_reading(request: HuiyinRequest, bulletin: int) -> Reading:
    return actions.confirm_reading(_bulletin(request, bulletin), by=request.user)


@router.post("/bulletins/{bulletin}/withdrawal", response=BulletinOut, summary="Withdraw")
def withdraw(request: HuiyinRequest, bulletin: int) -> Bulletin:
    found = _bulletin(request, bulletin)
    actions.withdraw(found, by=request.user)
    return found
