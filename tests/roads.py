"""Complaints that have come some way, by the acts that people use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.closure import actions as closure
from huiyin.journey.closure.models import Closing
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.investigation.actions import find
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer, Remedy
from huiyin.journey.routing.actions import accept
from huiyin.journey.routing.models import Assignment

FOUND: dict[str, Any] = {
    "facts": "加热盘接触不良，属质量问题",
    "cause": "CAU.1",
    "liability": "RSP.1",
}
ENDED: dict[str, str] = {
    "outcome": "upheld",
    "cause": "CAU.1",
    "liability": "RSP.1",
    "satisfaction": "satisfied",
}


def fresh(complaint: Complaint) -> Complaint:
    """As somebody else sees it who opens the page now."""
    return Complaint.objects.select_related("customer", "team", "assignee").get(pk=complaint.pk)


def story(complaint: Complaint) -> list[str]:
    return list(complaint.events.order_by("pk").values_list("what", flat=True))


def assigned(make, team, handler: User, **fields) -> Complaint:
    """In 处理中 with this person, who signed for it."""
    fields.setdefault("severity", 3)
    complaint = make(team=team, assignee=handler, status="DIS", **fields)
    Assignment.objects.create(
        complaint=complaint,
        team=team,
        assignee=handler,
        how="dispatch",
        by=handler,
        at=moment.now(),
    )
    accept(complaint, by=handler)
    return complaint


def propose(complaint: Complaint, by: User, fen: int = 3000, remedy: str = "RMD.04") -> Offer:
    return resolution.propose(
        complaint,
        by=by,
        remedy=Remedy.objects.get(code=remedy),
        basis="售后条款 3.2",
        due_on=moment.today() + timedelta(days=3),
        amount_fen=fen,
    )


def solved(make, team, handler: User, fen: int = 2000, **fields) -> Complaint:
    """In 已解决待反馈, with a finding and an executed offer; two fit into an agent's limit."""
    complaint = assigned(make, team, handler, **fields)
    find(complaint, by=handler, **FOUND)
    carry_out(complaint, handler, fen=fen)
    return complaint


def carry_out(complaint: Complaint, handler: User, fen: int) -> Offer:
    remedy = "RMD.04" if fen else "RMD.08"
    offer = propose(complaint, handler, fen=fen, remedy=remedy)
    resolution.agree(offer, by=handler)
    resolution.execute(offer, by=handler, proof="流水号 20261125001")
    return offer


def feed_back(complaint: Complaint, by: User) -> None:
    closure.feed_back(complaint, by=by, measures="换了加热盘", result="已恢复正常", channel="phone")


def to_visit(make, team, handler: User, **fields) -> Complaint:
    """In 待回访: strong emotion makes the call-back certain."""
    complaint = solved(make, team, handler, **{"emotion": "angry", **fields})
    feed_back(complaint, handler)
    return complaint


def close(complaint: Complaint, by: User, **changed: Any) -> Closing:
    ended: dict[str, Any] = {"remedy": Remedy.objects.get(code="RMD.04"), **ENDED, **changed}
    return closure.close(complaint, by=by, **ended)
