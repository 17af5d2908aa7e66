"""Cooperation for programs: the directory, tasks on both sides, and every act on them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status as Answered

from huiyin.ground.people.models import Department, User
from huiyin.ground.people.words import DepartmentKind
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.complaint.api import seen
from huiyin.journey.cooperation import actions, rules, shown
from huiyin.journey.cooperation.models import Answer, Link, MoreTime, Remark, Task, TaskTemplate
from huiyin.journey.cooperation.permissions import can_see_directory, can_send, sees_complaint
from huiyin.journey.cooperation.words import Part, Shows, State

router = Router(tags=["cooperation"])

MOST = 200


def _department(code: str, field: str = "department") -> Department | None:
    """The department of this code in use; "" is none, an unknown one is refused."""
    if not code:
        return None
    found = Department.objects.in_use().filter(code=code).first()
    if found is None:
        raise Invalid(_("没有这个部门：%(code)s") % {"code": code[:40]}, **{field: _("请检查代码")})
    return found


def _person(username: str, field: str = "handler") -> User | None:
    if not username:
        return None
    found: User | None = User.objects.active().filter(username=username).first()
    if found is None:
        raise Invalid(
            _("没有这样的账号：%(names)s") % {"names": username[:64]}, **{field: _("请检查登录名")}
        )
    return found


def _task(request: HuiyinRequest, task_id: int) -> Task:
    return get_object_or_404(Task.objects.visible_to(request.user).with_all(), pk=task_id)


class DepartmentOut(Schema):
    code: str
    name: str
    name_en: str
    kind: str
    about: str
    parent: str | None
    head: str | None
    deputy_head: str | None
    duty: str | None
    duty_phone: str
    contact_name: str
    contact_phone: str
    contact_email: str
    address: str
    calendar: str = Field(alias="calendar_code")
    sign_in_hours: float
    answer_amount: float
    answer_unit: str

    @staticmethod
    def resolve_parent(one: Department) -> str | None:
        return one.parent.code if one.parent else None

    @staticmethod
    def resolve_head(one: Department) -> str | None:
        return one.head.username if one.head else None

    @staticmethod
    def resolve_deputy_head(one: Department) -> str | None:
        return one.deputy_head.username if one.deputy_head else None

    @staticmethod
    def resolve_duty(one: Department) -> str | None:
        return one.duty.username if one.duty else None


class FileOut(Schema):
    uuid: UUID
    name: str
    media_type: str
    size: int
    sha256: str


class TaskOut(Schema):
    """One task. To a department the text is masked, and no more than the task shows."""

    id: int
    complaint: str
    department: str
    handler: str | None
    part: str
    title: str
    state: str = Field(description="sent, signed, answered, returned, disputed, done, cancelled")
    shows: str
    by: str
    at: datetime
    due_at: datetime | None = Field(description="of what the department owes next")
    due_kind: str
    late: bool
    hops: int
    redone: int
    ruled: bool

    @staticmethod
    def resolve_complaint(task: Task) -> str:
        return task.complaint.number

    @staticmethod
    def resolve_department(task: Task) -> str:
        return task.department.code

    @staticmethod
    def resolve_handler(task: Task) -> str | None:
        return task.handler.username if task.handler else None

    @staticmethod
    def resolve_by(task: Task) -> str:
        return task.by.username

    @staticmethod
    def resolve_due_at(task: Task) -> datetime | None:
        return task.clock.due_at if task.clock else None

    @staticmethod
    def resolve_due_kind(task: Task) -> str:
        return task.clock.kind if task.clock else ""

    @staticmethod
    def resolve_late(task: Task) -> bool:
        from huiyin.ground import moment

        return task.is_late(moment.now())

    @staticmethod
    def resolve_ruled(task: Task) -> bool:
        return task.ruled_at is not None


class LineOut(Schema):
    """Something said or that happened within the task: answer, remark, event."""

    kind: str
    who: str
    at: datetime
    text: str
    ours: bool
    verdict: str = ""
    files: list[FileOut] = []

    @staticmethod
    def resolve_verdict(line: Any) -> str:
        return line.answer.verdict if line.answer else ""


class TaskDetail(TaskOut):
    """With what the caller may read of the complaint, and what was said and done."""

    question: str
    subject: str
    text: str
    wanted: str
    order_no: str
    files: list[FileOut]
    why: list[str] = Field(description="why the limit is what it is, step by step")
    course: list[LineOut]

    @staticmethod
    def resolve_question(task: Task) -> str:
        return _told(task).question if _is_theirs(task) else task.question

    @staticmethod
    def resolve_subject(task: Task) -> str:
        return _told(task).subject

    @staticmethod
    def resolve_text(task: Task) -> str:
        return _told(task).text

    @staticmethod
    def resolve_wanted(task: Task) -> str:
        return _told(task).wanted

    @staticmethod
    def resolve_order_no(task: Task) -> str:
        return _told(task).order_no

    @staticmethod
    def resolve_files(task: Task) -> list[Any]:
        return _told(task).files

    @staticmethod
    def resolve_why(task: Task) -> list[str]:
        return shown.reasons(task.clock)

    @staticmethod
    def resolve_course(task: Task) -> list[shown.Line]:
        return shown.course(task, theirs=_is_theirs(task))


def _is_theirs(task: Task) -> bool:
    """Whether the caller is the department; who does not say it is treated as one."""
    return bool(task.__dict__.get("theirs", True))


def _told(task: Task) -> shown.Matter:
    if "told" not in task.__dict__:
        task.__dict__["told"] = shown.matter(task)
    told: shown.Matter = task.__dict__["told"]
    return told


class TaskIn(Schema):
    department: str = Field(description="code of the department")
    question: str
    title: str = ""
    part: Part = Part.CO
    handler: str = Field("", description="sign-in name of somebody of the department")
    shows: Shows = Shows.MASKED
    files: list[UUID] = Field([], description="evidence given along; only with shows=files")
    contact: bool = Field(False, description="the department may ask for the customer's contact")
    amount: Decimal | None = Field(None, description="else the department's own limit")
    unit: str = ""
    template: str = Field("", description="code of the template it was made from")


class AmountIn(Schema):
    reason: str
    amount: Decimal | None = None
    unit: str = ""


class NoteIn(Schema):
    note: str = ""


class ReasonIn(Schema):
    reason: str


class OwnerIn(Schema):
    reason: str
    owner: str = Field("", description="code of the department whose matter it is")


class ForwardIn(Schema):
    reason: str = ""
    department: str = ""
    handler: str = Field("", description="sign-in name of a colleague; then no department")


class RulingIn(Schema):
    department: str
    reason: str


class DecisionIn(Schema):
    granted: bool
    note: str = ""


class TextIn(Schema):
    text: str


class LinkIn(Schema):
    name: str
    email: str = ""
    days: int = 7
    language: str = "zh-hans"


class LinkOut(Schema):
    id: int
    address: str = Field(description="given once; only its hash is kept")
    expires_at: datetime


class MoreTimeOut(Schema):
    id: int
    amount: float
    reason: str
    granted: bool | None


class RemarkOut(Schema):
    id: int
    name: str
    text: str
    at: datetime
    ours: bool


class TemplateOut(Schema):
    code: str
    handling_rule: str
    title: str
    question: str
    department: str = Field(alias="department_code")
    part: str
    amount: float | None
    unit: str
    shows: str
    beside: str


# --- reading ---


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
    task = _task(request, task_id)
    task.__dict__["theirs"] = not sees_complaint(request.user, task)
    return task


# --- asking and deciding: our side ---


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
        department=_department(data.department),
        question=data.question,
        title=data.title,
        part=data.part,
        handler=_person(data.handler),
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
    task = _task(request, task_id)
    actions.accept(task, by=request.user, note=data.note)
    return Answered(201, task)


@router.post("/tasks/{task_id}/redo", response={201: TaskOut}, summary="Send back (退回重办)")
def redo_task(request: HuiyinRequest, task_id: int, data: AmountIn) -> Answered[Task]:
    task = _task(request, task_id)
    actions.redo(task, by=request.user, reason=data.reason, amount=data.amount, unit=data.unit)
    return Answered(201, task)


@router.post("/tasks/{task_id}/sending-on", response={201: TaskOut}, summary="Send on (改派)")
def send_task_on(request: HuiyinRequest, task_id: int, data: ForwardIn) -> Answered[Task]:
    """What was returned goes to whose matter it is."""
    task = _task(request, task_id)
    actions.send_on(
        task,
        by=request.user,
        department=_department(data.department),
        handler=_person(data.handler),
        reason=data.reason,
    )
    return Answered(201, task)


@router.post("/tasks/{task_id}/ruling", response={201: TaskOut}, summary="Rule a dispute (裁定)")
def rule_task(request: HuiyinRequest, task_id: int, data: RulingIn) -> Answered[Task]:
    task = _task(request, task_id)
    actions.rule(task, by=request.user, department=_department(data.department), reason=data.reason)
    return Answered(201, task)


@router.post("/tasks/{task_id}/cancellation", response={201: TaskOut}, summary="Cancel (撤销)")
def cancel_task(request: HuiyinRequest, task_id: int, data: ReasonIn) -> Answered[Task]:
    task = _task(request, task_id)
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
    task = _task(request, task_id)
    asked = get_object_or_404(MoreTime.objects.select_related("clock"), task=task, pk=request_id)
    asked.task = task
    actions.decide_more_time(asked, by=request.user, granted=data.granted, note=data.note)
    return Answered(201, asked)


@router.post("/tasks/{task_id}/links", response={201: LinkOut}, summary="A link for an outsider")
def issue_link(request: HuiyinRequest, task_id: int, data: LinkIn) -> Answered[dict[str, Any]]:
    """The address is given this once. With an address of mail the link is sent there as well."""
    link, address = actions.issue(
        _task(request, task_id),
        by=request.user,
        name=data.name,
        email=data.email,
        days=data.days,
        language=data.language,
    )
    return Answered(201, {"id": link.pk, "address": address, "expires_at": link.expires_at})


@router.delete("/tasks/{task_id}/links/{link_id}", response={204: None}, summary="Revoke a link")
def revoke_link(request: HuiyinRequest, task_id: int, link_id: int) -> Answered[None]:
    task = _task(request, task_id)
    link = get_object_or_404(Link.objects.select_related("task__complaint"), task=task, pk=link_id)
    actions.revoke(link, by=request.user)
    return Answered(204, None)


# --- the department ---


@router.post("/tasks/{task_id}/signing", response={201: TaskOut}, summary="Sign for it (签收)")
def sign_task(request: HuiyinRequest, task_id: int) -> Answered[Task]:
    task = _task(request, task_id)
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
    task = _task(request, task_id)
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
    task = _task(request, task_id)
    owner = _department(data.owner, "owner")
    actions.give_back(task, by=request.user, reason=data.reason, owner=owner)
    return Answered(201, {"reason": data.reason})


@router.post("/tasks/{task_id}/dispute", response={201: TaskOut}, summary="Dispute (提出争议)")
def dispute_task(request: HuiyinRequest, task_id: int, data: OwnerIn) -> Answered[Task]:
    task = _task(request, task_id)
    owner = _department(data.owner, "owner")
    actions.dispute(task, by=request.user, reason=data.reason, owner=owner)
    return Answered(201, task)


@router.post("/tasks/{task_id}/forwarding", response={201: TaskOut}, summary="Forward (转办)")
def forward_task(request: HuiyinRequest, task_id: int, data: ForwardIn) -> Answered[Task]:
    """To a colleague (`handler`), or by the head to another department. Three hops at most."""
    task = _task(request, task_id)
    if data.handler:
        to = _person(data.handler)
        actions.hand(task, by=request.user, to=to, reason=data.reason)
    else:
        department = _department(data.department)
        actions.forward(task, by=request.user, department=department, reason=data.reason)
    return Answered(201, task)


@router.post(
    "/tasks/{task_id}/time-requests", response={201: MoreTimeOut}, summary="Ask for more time"
)
def ask_time(request: HuiyinRequest, task_id: int, data: AmountIn) -> Answered[MoreTime]:
    asked = actions.ask_more_time(
        _task(request, task_id), by=request.user, amount=data.amount, reason=data.reason
    )
    return Answered(201, asked)


# --- both ---


@router.post("/tasks/{task_id}/remarks", response={201: RemarkOut}, summary="Talk (留言)")
def say(request: HuiyinRequest, task_id: int, data: TextIn) -> Answered[Remark]:
    """Within the task: the customer never sees it."""
    return Answered(201, actions.remark(_task(request, task_id), by=request.user, text=data.text))
