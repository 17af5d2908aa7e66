"""The department's side: signing, answering, returning; and the talk of both."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status as Answered

from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.cooperation import actions, rules
from huiyin.journey.cooperation.api.router import router
from huiyin.journey.cooperation.api.shapes import (
    AmountIn,
    ForwardIn,
    LineOut,
    MoreTimeOut,
    OwnerIn,
    ReasonIn,
    RemarkOut,
    TaskOut,
    TextIn,
    department_of,
    person_of,
    task_of,
)
from huiyin.journey.cooperation.models import Answer, MoreTime, Remark, Task


@router.post("/tasks/{task_id}/signing", response={201: TaskOut}, summary="Sign for it (签收)")
def sign_task(request: HuiyinRequest, task_id: int) -> Answered[Task]:
    task = task_of(request, task_id)
    actions.sign(task, by=request.user)
    return Answered(201, task)


@router.post(
    "/tasks/{task_id}/answers", response={201: LineOut}, summary="Answer with files (答复)"
)
def answer_task(
    request: HuiyinRequest,
    task_id: int,
    text: str = Form(...),  # type: ignore[type-arg]
    files: list[UploadedFile] = File(default=[]),  # type: ignore[type-arg]  # noqa: B008
) -> Answered[dict[str, Any]]:
    """A form (multipart): `text`, and at most six `files`, each 50 MB."""
    task = task_of(request, task_id)
    if len(files) > rules.MOST_FILES:
        sentence = _("一次最多 %(most)s 个文件") % {"most": rules.MOST_FILES}
        raise Invalid(sentence, files=sentence)
    made: Answer = actions.answer(task, by=request.user, text=text, uploads=files)
    return Answered(
        201,
        {
            "kind": "answer",
            "who": made.name,
            "at": made.at,
            "text": made.text,
            "ours": False,
            "answer": made,
            "files": list(made.files.all()),
        },
    )


@router.post("/tasks/{task_id}/return", response={201: ReasonIn}, summary="Return (退回)")
def return_task(request: HuiyinRequest, task_id: int, data: OwnerIn) -> Answered[dict[str, str]]:
    """Once, within a working day, with the right owner; a second time by the head."""
    task = task_of(request, task_id)
    owner = department_of(data.owner, "owner")
    actions.give_back(task, by=request.user, reason=data.reason, owner=owner)
    return Answered(201, {"reason": data.reason})


@router.post("/tasks/{task_id}/dispute", response={201: TaskOut}, summary="Dispute (提出争议)")
def dispute_task(request: HuiyinRequest, task_id: int, data: OwnerIn) -> Answered[Task]:
    task = task_of(request, task_id)
    owner = department_of(data.owner, "owner")
    actions.dispute(task, by=request.user, reason=data.reason, owner=owner)
    return Answered(201, task)


@router.post("/tasks/{task_id}/forwarding", response={201: TaskOut}, summary="Forward (转办)")
def forward_task(request: HuiyinRequest, task_id: int, data: ForwardIn) -> Answered[Task]:
    """To a colleague (`handler`), or by the head to another department. Three hops at most."""
    task = task_of(request, task_id)
    if data.handler:
        to = person_of(data.handler)
        actions.hand(task, by=request.user, to=to, reason=data.reason)
    else:
        department = department_of(data.department)
        actions.forward(task, by=request.user, department=department, reason=data.reason)
    return Answered(201, task)


@router.post(
    "/tasks/{task_id}/time-requests", response={201: MoreTimeOut}, summary="Ask for more time"
)
def ask_time(request: HuiyinRequest, task_id: int, data: AmountIn) -> Answered[MoreTime]:
    asked = actions.ask_more_time(
        task_of(request, task_id), by=request.user, amount=data.amount, reason=data.reason
    )
    return Answered(201, asked)


@router.post("/tasks/{task_id}/remarks", response={201: RemarkOut}, summary="Talk (留言)")
def say(request: HuiyinRequest, task_id: int, data: TextIn) -> Answered[Remark]:
    """Within the task: the customer never sees it."""
    return Answered(201, actions.remark(task_of(request, task_id), by=request.user, text=data.text))
