"""Mass incidents."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query
from ninja.responses import Status as Answer

from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import ComplaintOut
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.grouping import actions
from huiyin.journey.grouping.actions import About
from huiyin.journey.grouping.api.router import router
from huiyin.journey.grouping.api.shapes import (
    EntryIn,
    EntryOut,
    IncidentIn,
    IncidentOut,
    JoinedOut,
    JoinIn,
    MembershipOut,
    NoticeIn,
    NoticeOut,
    PreviewOut,
    TextIn,
    WhyIn,
)
from huiyin.journey.grouping.models import Entry, Incident, JointNotice, Membership


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
