"""Grouping for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema
from ninja.responses import Status as Answer

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import ComplaintOut, seen
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.api import MessageOut
from huiyin.journey.conversation.models import Message
from huiyin.journey.grouping import actions, rules
from huiyin.journey.grouping.actions import About, Item, Tie
from huiyin.journey.grouping.models import Bond, Entry, Incident, JointNotice, Membership
from huiyin.journey.grouping.words import BondKind, EntryKind, LinkNature, SplitReason

router = Router(tags=["grouping"])


class TieOut(Schema):
    """A bond as one end sees it. Whose other end the caller may not see is left out."""

    id: int
    kind: BondKind
    nature: str = Field(description="of a link: duplicate, related, same_customer or cause")
    side: str = Field(description="which side the asked complaint is on: member, master, …")
    other: str = Field(description="number of the other end")
    other_status: str
    reason: str
    by: str
    at: datetime
    can_be_undone: bool

    @staticmethod
    def resolve_id(tie: Tie) -> int:
        return tie.bond.pk

    @staticmethod
    def resolve_kind(tie: Tie) -> str:
        return tie.bond.kind

    @staticmethod
    def resolve_nature(tie: Tie) -> str:
        return tie.bond.nature

    @staticmethod
    def resolve_side(tie: Tie) -> str:
        return actions.side_of(tie.bond, tie.complaint.pk)

    @staticmethod
    def resolve_other(tie: Tie) -> str:
        return tie.complaint.number

    @staticmethod
    def resolve_other_status(tie: Tie) -> str:
        return tie.complaint.status

    @staticmethod
    def resolve_reason(tie: Tie) -> str:
        return tie.bond.reason

    @staticmethod
    def resolve_by(tie: Tie) -> str:
        return tie.bond.by.username

    @staticmethod
    def resolve_at(tie: Tie) -> datetime:
        return tie.bond.at

    @staticmethod
    def resolve_can_be_undone(tie: Tie) -> bool:
        return tie.is_undoable


class GroupOut(Schema):
    ties: list[TieOut]
    incident: int | None = Field(description="id of the mass incident it is part of")
    split_reasons: list[SplitReason] = Field(description="why it should be split, if it should")


class LinkIn(Schema):
    other: str = Field(description="number of the other complaint")
    nature: LinkNature = Field(description="cause: the other is what this one came from")
    reason: str = ""


class MergeIn(Schema):
    into: str = Field(description="number of the master")
    reason: str


class WhyIn(Schema):
    reason: str = ""


class ItemIn(Schema):
    text: str
    wanted: str = ""
    category: str = Field("", description="code; empty lets triage decide")
    severity: int | None = Field(None, ge=1, le=4)
    concerning: str = ""
    evidence: list[UUID] = Field([], description="files of the original that belong to it")


class SplitIn(Schema):
    items: list[ItemIn] = Field(description="two to six")
    reason: str


class TextIn(Schema):
    text: str = Field(description="{name}, {number}, {organisation} become each customer's own")


class IncidentOut(Schema):
    id: int
    title: str
    state: str
    category: str
    concerning: str
    region: str
    owner: str
    members: int
    unsettled: int
    finding: str
    at: datetime
    last_activity_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_owner(one: Incident) -> str:
        return one.owner.username


class IncidentIn(Schema):
    title: str
    category: str = ""
    concerning: str = ""
    region: str = ""
    owner: str | None = Field(None, description="sign-in name; without it the caller")


class JoinIn(Schema):
    numbers: list[str] = Field(max_length=rules.MOST_JOINED_AT_ONCE)


class JoinedOut(Schema):
    number: str
    refusal: str = Field(description="why it did not join; empty when it did")


class MembershipOut(Schema):
    id: int
    complaint: str
    status: str
    at: datetime

    @staticmethod
    def resolve_complaint(one: Membership) -> str:
        return one.complaint.number

    @staticmethod
    def resolve_status(one: Membership) -> str:
        return one.complaint.status


class EntryIn(Schema):
    kind: EntryKind = Field(description="note, progress (read by customers) or finding")
    text: str


class EntryOut(Schema):
    id: int
    kind: str
    text: str
    by: str
    at: datetime

    @staticmethod
    def resolve_by(entry: Entry) -> str:
        return entry.by.username


class NoticeIn(TextIn):
    text_en: str = ""
    key: UUID = Field(description="made up by the caller; the same again sends nothing twice")


class PreviewOut(Schema):
    total: int
    by_mail: int
    written: int
    at_portal: int
    left_out: int
    sample: str


class NoticeOut(Schema):
    id: int
    text: str
    by: str
    at: datetime
    total: int
    told: int
    waiting: int
    refused: int

    @staticmethod
    def resolve_by(told: dict[str, Any]) -> str:
        return str(told["notice"].by.username)


# --- bonds -------------------------------------------------------------------------------------


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


# --- incidents ---------------------------------------------------------------------------------


def _incident(request: HuiyinRequest, pk: int) -> Incident:
    visible = Incident.objects.visible_to(request.user).with_counts()
    return get_object_or_404(visible.select_related("owner"), pk=pk)


def _owner(username: str | None) -> User | None:
    if not username:
        return None
    found: User = get_object_or_404(User.objects.active(), username=username)
    return found


def _about(data: IncidentIn) -> About:
    return About(**data.dict(exclude={"owner"}))


@router.get("/incidents", response=list[IncidentOut], summary="Mass incidents (群体事件)")
def list_incidents(
    request: HuiyinRequest,
    state: str = "open",
    before: int | None = None,
    limit: int = Query(50, ge=1, le=200),  # type: ignore[type-arg]
) -> list[Incident]:
    """Those the caller sees, the newest first. `state`: open, ended, or all; `before`: an id."""
    found = Incident.objects.visible_to(request.user).with_counts().select_related("owner")
    if state != "all":
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


@router.post("/incidents", response={201: IncidentOut}, summary="Open an incident")
def open_incident(request: HuiyinRequest, data: IncidentIn) -> Answer[Incident]:
    made = actions.open_incident(_about(data), by=request.user, owner=_owner(data.owner))
    return Answer(201, _incident(request, made.pk))


@router.get("/incidents/{incident_id}", response=IncidentOut, summary="One incident")
def get_incident(request: HuiyinRequest, incident_id: int) -> Incident:
    return _incident(request, incident_id)


@router.patch("/incidents/{incident_id}", response=IncidentOut, summary="Change an incident")
def change_incident(request: HuiyinRequest, incident_id: int, data: IncidentIn) -> Incident:
    incident = _incident(request, incident_id)
    actions.change(incident, _about(data), by=request.user, owner=_owner(data.owner))
    return _incident(request, incident_id)


@router.get("/incidents/{incident_id}/members", response=list[MembershipOut], summary="Members")
def list_members(
    request: HuiyinRequest,
    incident_id: int,
    after: int = 0,
    limit: int = Query(100, ge=1, le=500),  # type: ignore[type-arg]
) -> list[Membership]:
    """Those the caller sees, in the order in which they joined; `after`: the last id."""
    visible = Complaint.objects.visible_to(request.user)
    mine = _incident(request, incident_id).memberships.lasting().filter(complaint__in=visible)
    return list(mine.filter(pk__gt=after).select_related("complaint").order_by("pk")[:limit])


@router.post("/incidents/{incident_id}/members", response=list[JoinedOut], summary="Join (并入)")
def join(request: HuiyinRequest, incident_id: int, data: JoinIn) -> list[dict[str, str]]:
    """One that cannot join stops none of the others; unknown numbers are left out."""
    incident = _incident(request, incident_id)
    visible = Complaint.objects.visible_to(request.user).filter(number__in=data.numbers)
    told = actions.join_many(
        incident, visible.select_related("team", "assignee").order_by("pk"), by=request.user
    )
    return [{"number": number, "refusal": refusal} for number, refusal in told.items()]


def _membership(request: HuiyinRequest, incident_id: int, pk: int) -> Membership:
    visible = Complaint.objects.visible_to(request.user)
    mine = _incident(request, incident_id).memberships.filter(complaint__in=visible)
    return get_object_or_404(mine.select_related("incident", "complaint__team"), pk=pk)


@router.post("/incidents/{incident_id}/members/{member_id}/leaving", summary="Take out (移出)")
def leave(request: HuiyinRequest, incident_id: int, member_id: int, data: WhyIn) -> dict[str, bool]:
    member = _membership(request, incident_id, member_id)
    actions.leave(member, by=request.user, reason=data.reason)
    return {"left": True}


@router.post("/incidents/{incident_id}/members/{member_id}/putting-back", summary="Undo a leaving")
def put_back(request: HuiyinRequest, incident_id: int, member_id: int) -> dict[str, bool]:
    actions.put_back(_membership(request, incident_id, member_id), by=request.user)
    return {"left": False}


@router.get(
    "/incidents/{incident_id}/proposals",
    response=list[ComplaintOut],
    summary="Complaints that may belong to it",
)
def list_proposals(request: HuiyinRequest, incident_id: int) -> list[Complaint]:
    found = actions.proposed(_incident(request, incident_id), by=request.user)
    return [one.complaint for one in found]


@router.get("/incidents/{incident_id}/entries", response=list[EntryOut], summary="Progress")
def list_entries(request: HuiyinRequest, incident_id: int) -> list[Entry]:
    """The last 200, newest first."""
    return list(_incident(request, incident_id).entries.select_related("by")[:200])


@router.post("/incidents/{incident_id}/entries", response={201: EntryOut}, summary="Write progress")
def enter(request: HuiyinRequest, incident_id: int, data: EntryIn) -> Answer[Entry]:
    incident = _incident(request, incident_id)
    return Answer(201, actions.enter(incident, by=request.user, kind=data.kind, text=data.text))


@router.post(
    "/incidents/{incident_id}/notices/preview", response=PreviewOut, summary="Whom it would reach"
)
def preview_notice(request: HuiyinRequest, incident_id: int, data: TextIn) -> actions.Preview:
    return actions.previewed(_incident(request, incident_id), by=request.user, text=data.text)


@router.post(
    "/incidents/{incident_id}/notices", response={201: NoticeOut}, summary="Tell all members"
)
def tell_all(request: HuiyinRequest, incident_id: int, data: NoticeIn) -> Answer[dict[str, Any]]:
    """The worker writes one message for each member's customer; ask again for the progress."""
    incident = _incident(request, incident_id)
    notice = actions.tell_all(incident, by=request.user, **data.dict())
    return Answer(201, _told([notice])[0])


@router.get("/incidents/{incident_id}/notices", response=list[NoticeOut], summary="Joint notices")
def list_notices(request: HuiyinRequest, incident_id: int) -> list[dict[str, Any]]:
    return _told(list(_incident(request, incident_id).notices.select_related("by")[:50]))


def _told(notices: list[JointNotice]) -> list[dict[str, Any]]:
    told = actions.progress_of(notices)
    names = ("total", "told", "waiting", "refused")
    return [
        {
            "id": one.pk,
            "text": one.text,
            "notice": one,
            "at": one.at,
            **{name: told[one.pk][name] for name in names},
        }
        for one in notices
    ]


@router.post("/incidents/{incident_id}/ending", response=IncidentOut, summary="End an incident")
def finish(request: HuiyinRequest, incident_id: int, data: TextIn) -> Incident:
    actions.finish(_incident(request, incident_id), by=request.user, text=data.text)
    return _incident(request, incident_id)


@router.post("/incidents/{incident_id}/reopening", response=IncidentOut, summary="Undo the end")
def open_again(request: HuiyinRequest, incident_id: int) -> Incident:
    actions.open_again(_incident(request, incident_id), by=request.user)
    return _incident(request, incident_id)
