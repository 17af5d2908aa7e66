"""What programs read and write of tasks and departments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Schema

from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.cooperation import shown
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.words import Part, Shows


def department_of(code: str, field: str = "department") -> Department | None:
    """The department of this code in use; "" is none, an unknown one is refused."""
    if not code:
        return None
    found = Department.objects.in_use().filter(code=code).first()
    if found is None:
        raise Invalid(_("没有这个部门：%(code)s") % {"code": code[:40]}, **{field: _("请检查代码")})
    return found


def person_of(username: str, field: str = "handler") -> User | None:
    if not username:
        return None
    found: User | None = User.objects.active().filter(username=username).first()
    if found is None:
        raise Invalid(
            _("没有这样的账号：%(names)s") % {"names": username[:64]}, **{field: _("请检查登录名")}
        )
    return found


def task_of(request: HuiyinRequest, task_id: int) -> Task:
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
        return told(task).question if _is_theirs(task) else task.question

    @staticmethod
    def resolve_subject(task: Task) -> str:
        return told(task).subject

    @staticmethod
    def resolve_text(task: Task) -> str:
        return told(task).text

    @staticmethod
    def resolve_wanted(task: Task) -> str:
        return told(task).wanted

    @staticmethod
    def resolve_order_no(task: Task) -> str:
        return told(task).order_no

    @staticmethod
    def resolve_files(task: Task) -> list[Any]:
        return told(task).files

    @staticmethod
    def resolve_why(task: Task) -> list[str]:
        return shown.reasons(task.clock)

    @staticmethod
    def resolve_course(task: Task) -> list[shown.Line]:
        return shown.course(task, theirs=_is_theirs(task))


def _is_theirs(task: Task) -> bool:
    """Whether the caller is the department; who does not say it is treated as one."""
    return bool(task.__dict__.get("theirs", True))


def told(task: Task) -> shown.Matter:
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
