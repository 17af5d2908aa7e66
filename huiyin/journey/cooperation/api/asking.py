"""Our side: asking, accepting, deciding."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja.responses import Status as Answered

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.api.router import router
from huiyin.journey.cooperation.api.shapes import (
    AmountIn,
    DecisionIn,
    ForwardIn,
    LinkIn,
    LinkOut,
    MoreTimeOut,
    NoteIn,
    ReasonIn,
    RulingIn,
    TaskIn,
    TaskOut,
    department_of,
    person_of,
    task_of,
)
from huiyin.journey.cooperation.models import Link, MoreTime, Task, TaskTemplate


@router.post(
    "/complaints/{number}/tasks", response={201: TaskOut}, summary="Ask a department (下发)"
)
def send_task(request: HuiyinRequest, number: str, data: TaskIn) -> Answered[Task]:
    complaint = seen(request, number)
    files = list(complaint.evidence.filter(uuid__in=data.files)) if data.files else []
    if len(files) != len(set(data.files)):
        raise Invalid(_("所选文件不属于这条投诉"), files=_("所选文件不属于这条投诉"))
    template = None
    if data.template:
        template = get_object_or_404(TaskTemplate.objects.in_use(), code=data.template)
    task = actions.send(
        complaint,
        by=request.user,
        department=department_of(data.department),
        question=data.question,
        title=data.title,
        part=data.part,
        handler=person_of(data.handler),
        shows=data.shows,
        files=files,
        contact=data.contact,
        amount=data.amount,
        unit=data.unit,
        template=template,
    )
    return Answered(201, task)


@router.post(
    "/tasks/{task_id}/acceptance", response={201: TaskOut}, summary="Take the answer (采纳)"
)
def accept_answer(request: HuiyinRequest, task_id: int, data: NoteIn) -> Answered[Task]:
    task = task_of(request, task_id)
    actions.accept(task, by=request.user, note=data.note)
    return Answered(201, task)


@router.post("/tasks/{task_id}/redo", response={201: TaskOut}, summary="Send back (退回重办)")
def redo_task(request: HuiyinRequest, task_id: int, data: AmountIn) -> Answered[Task]:
    task = task_of(request, task_id)
    actions.redo(task, by=request.user, reason=data.reason, amount=data.amount, unit=data.unit)
    return Answered(201, task)


@router.post("/tasks/{task_id}/sending-on", response={201: TaskOut}, summary="Send on (改派)")
def send_task_on(request: HuiyinRequest, task_id: int, data: ForwardIn) -> Answered[Task]:
    """What was returned goes to whose matter it is."""
    task = task_of(request, task_id)
    actions.send_on(
        task,
        by=request.user,
        department=department_of(data.department),
        handler=person_of(data.handler),
        reason=data.reason,
    )
    return Answered(201, task)


@router.post("/tasks/{task_id}/ruling", response={201: TaskOut}, summary="Rule a dispute (裁定)")
def rule_task(request: HuiyinRequest, task_id: int, data: RulingIn) -> Answered[Task]:
    task = task_of(request, task_id)
    actions.rule(
        task, by=request.user, department=department_of(data.department), reason=data.reason
    )
    return Answered(201, task)


@router.post("/tasks/{task_id}/cancellation", response={201: TaskOut}, summary="Cancel (撤销)")
def cancel_task(request: HuiyinRequest, task_id: int, data: ReasonIn) -> Answered[Task]:
    task = task_of(request, task_id)
    actions.cancel(task, by=request.user, reason=data.reason)
    return Answered(201, task)


@router.post(
    "/tasks/{task_id}/time-requests/{request_id}",
    response={201: MoreTimeOut},
    summary="Grant or refuse more time",
)
def decide_time(
    request: HuiyinRequest, task_id: int, request_id: int, data: DecisionIn
) -> Answered[MoreTime]:
    task = task_of(request, task_id)
    asked = get_object_or_404(MoreTime.objects.select_related("clock"), task=task, pk=request_id)
    asked.task = task
    actions.decide_more_time(asked, by=request.user, granted=data.granted, note=data.note)
    return Answered(201, asked)


@router.post("/tasks/{task_id}/links", response={201: LinkOut}, summary="A link for an outsider")
def issue_link(request: HuiyinRequest, task_id: int, data: LinkIn) -> Answered[dict[str, Any]]:
    """The address is given this once. With an address of mail the link is sent there as well."""
    link, address = actions.issue(
        task_of(request, task_id),
        by=request.user,
        name=data.name,
        email=data.email,
        days=data.days,
        language=data.language,
    )
    return Answered(201, {"id": link.pk, "address": address, "expires_at": link.expires_at})


@router.delete("/tasks/{task_id}/links/{link_id}", response={204: None}, summary="Revoke a link")
def revoke_link(request: HuiyinRequest, task_id: int, link_id: int) -> Answered[None]:
    task = task_of(request, task_id)
    link = get_object_or_404(Link.objects.select_related("task__complaint"), task=task, pk=link_id)
    actions.revoke(link, by=request.user)
    return Answered(204, None)
