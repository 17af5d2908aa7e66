"""The directory and the tasks, to read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from ninja import Query

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import DepartmentKind
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.api.router import router
from huiyin.journey.cooperation.api.shapes import (
    DepartmentOut,
    TaskDetail,
    TaskOut,
    TemplateOut,
    task_of,
)
from huiyin.journey.cooperation.models import Task, TaskTemplate
from huiyin.journey.cooperation.permissions import can_see_directory, can_send, sees_complaint
from huiyin.journey.cooperation.words import State

MOST = 200


@router.get("/departments", response=list[DepartmentOut], summary="Directory (协办通讯录)")
def list_departments(request: HuiyinRequest, q: str = "", kind: str = "") -> list[Department]:
    """Departments, stores, suppliers, carriers, laboratories in use; by any words of theirs."""
    can_see_directory.require(request.user, None)
    found = Department.objects.in_use().select_related("parent", "head", "deputy_head", "duty")
    if kind:
        if kind not in DepartmentKind.values:
            raise Invalid(_("请从列表里选择"), kind=_("请从列表里选择"))
        found = found.filter(kind=kind)
    for word in q.replace("\x00", "").split()[:5]:
        named = Q(name__icontains=word) | Q(name_en__icontains=word) | Q(code__icontains=word)
        found = found.filter(named | Q(about__icontains=word) | Q(contact_name__icontains=word))
    return list(found.order_by("kind", "code")[:MOST])


@router.get(
    "/complaints/{number}/tasks", response=list[TaskOut], summary="Tasks of a complaint (协办)"
)
def list_tasks_of(request: HuiyinRequest, number: str) -> list[Task]:
    complaint = seen(request, number)
    return list(complaint.tasks.with_all()[:MOST])


@router.get(
    "/complaints/{number}/tasks/proposals",
    response=list[TemplateOut],
    summary="What the handling rule asks for",
)
def list_proposals(request: HuiyinRequest, number: str) -> list[TaskTemplate]:
    """Templates for this complaint's category that nobody has sent yet."""
    complaint = seen(request, number)
    can_send.require(request.user, complaint)
    return actions.proposals(complaint, list(complaint.tasks.all()))


@router.get("/tasks", response=list[TaskOut], summary="Tasks of my department, or that I asked")
def list_tasks(
    request: HuiyinRequest,
    state: str = "",
    before: int | None = Query(None, description="id of the last row of the page before"),  # type: ignore[type-arg]
) -> list[Task]:
    """The newest first, at most 200. `state`: one state, or "open"."""
    user = request.user
    mine = Task.objects.of_department(user)
    if not mine.exists():
        mine = Task.objects.visible_to(user).filter(Q(by=user) | Q(complaint__assignee=user))
    if state == "open":
        mine = mine.open()
    elif state:
        if state not in State.values:
            raise Invalid(_("没有这种状态：%(codes)s") % {"codes": state[:20]})
        mine = mine.filter(state=state)
    if before is not None:
        mine = mine.filter(pk__lt=before)
    return list(mine.with_all().order_by("-pk")[:MOST])


@router.get("/tasks/{task_id}", response=TaskDetail, summary="One task")
def get_task(request: HuiyinRequest, task_id: int) -> Task:
    task = task_of(request, task_id)
    task.__dict__["theirs"] = not sees_complaint(request.user, task)
    return task
