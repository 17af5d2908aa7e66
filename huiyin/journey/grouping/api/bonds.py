"""Links, merges, splits."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja.responses import Status as Answer

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.api import MessageOut
from huiyin.journey.conversation.models import Message
from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import Item
from huiyin.journey.grouping.api.router import router
from huiyin.journey.grouping.api.shapes import GroupOut, LinkIn, MergeIn, SplitIn, TextIn, WhyIn
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.words import BondKind


@router.get("/complaints/{number}/group", response=GroupOut, summary="What belongs with it (并案)")
def get_group(request: HuiyinRequest, number: str) -> dict[str, Any]:
    complaint = seen(request, number)
    member = actions.membership_of(complaint)
    return {
        "ties": actions.ties(request.user, complaint),
        "incident": member.incident_id if member else None,
        "split_reasons": rules.split_reasons(complaint.text, complaint.wanted),
    }


@router.post("/complaints/{number}/links", response={201: GroupOut}, summary="Link (关联)")
def link(request: HuiyinRequest, number: str, data: LinkIn) -> Answer[dict[str, Any]]:
    complaint = seen(request, number)
    other = actions.named(request.user, data.other)
    actions.link(complaint, to=other, by=request.user, nature=data.nature, reason=data.reason)
    return Answer(201, get_group(request, number))


@router.post("/complaints/{number}/merge", response=ComplaintOut, summary="Merge (合并)")
def merge(request: HuiyinRequest, number: str, data: MergeIn) -> Complaint:
    """This one goes with `into`: number, clocks and notices stay its own."""
    complaint = seen(request, number)
    into = actions.named(request.user, data.into)
    actions.merge(complaint, into=into, by=request.user, reason=data.reason)
    return complaint


@router.post("/complaints/{number}/bonds/{bond_id}/undoing", summary="Undo a link or merge")
def undo(request: HuiyinRequest, number: str, bond_id: int, data: WhyIn) -> dict[str, bool]:
    """Within seven days (`HUIYIN_UNDO_DAYS`); everything is as it was."""
    bond = _bond(request, number, bond_id, BondKind.MERGE, BondKind.LINK)
    act = actions.unmerge if bond.kind == BondKind.MERGE else actions.unlink
    act(bond, by=request.user, reason=data.reason)
    return {"undone": True}


def _bond(request: HuiyinRequest, number: str, pk: int, *kinds: str) -> Bond:
    complaint, visible = seen(request, number), Complaint.objects.visible_to(request.user)
    both = Bond.objects.around(complaint).filter(complaint__in=visible, other__in=visible)
    related = both.select_related(
        "complaint__team", "complaint__assignee", "other__team", "other__assignee"
    )
    return get_object_or_404(related, pk=pk, kind__in=kinds)


@router.post(
    "/complaints/{number}/joint-reply",
    response={201: list[MessageOut]},
    summary="Reply to all of a merge (统一回复)",
)
def joint_reply(request: HuiyinRequest, number: str, data: TextIn) -> Answer[list[Message]]:
    complaint = seen(request, number)
    return Answer(201, actions.reply_to_all(complaint, by=request.user, text=data.text))


@router.post(
    "/complaints/{number}/splitting", response={201: list[ComplaintOut]}, summary="Split (拆分)"
)
def split(request: HuiyinRequest, number: str, data: SplitIn) -> Answer[list[Complaint]]:
    """Each item is a complaint of its own, from the moment of the original receipt."""
    complaint = seen(request, number)
    items = [
        Item(**{**one.dict(), "evidence": [str(uuid) for uuid in one.evidence]})
        for one in data.items
    ]
    return Answer(201, actions.split(complaint, items=items, by=request.user, reason=data.reason))


@router.post(
    "/complaints/{number}/unsplitting", response=ComplaintOut, summary="Undo a split (撤销拆分)"
)
def unsplit(request: HuiyinRequest, number: str, data: WhyIn) -> Complaint:
    complaint = seen(request, number)
    actions.unsplit(complaint, by=request.user, reason=data.reason)
    return complaint
