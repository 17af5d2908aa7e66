"""Sending a task to a department (下发), and what its category asks for by itself."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.rules import is_amount
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.actions import legs
from huiyin.journey.cooperation.masks import Mask
from huiyin.journey.cooperation.models import Task, TaskTemplate
from huiyin.journey.cooperation.permissions import can_send
from huiyin.journey.cooperation.words import Part, Shows, State
from huiyin.journey.triage.models import Category


@transaction.atomic
def send(
    complaint: Complaint,
    *,
    by: User,
    department: Department | None,
    question: str,
    title: str = "",
    part: str = Part.CO,
    handler: User | None = None,
    shows: str = Shows.MASKED,
    files: Iterable[Evidence] = (),
    contact: bool = False,
    amount: Decimal | None = None,
    unit: str = "",
    template: TaskTemplate | None = None,
) -> Task:
    """Ask a department. Without `amount` its own limit counts; without `handler` whoever is there.

    Raises Invalid with fields department, handler, question, title, part, shows, amount.
    """
    can_send.require(by, complaint)
    complaint.hold()
    if not complaint.is_open or complaint.status == Status.NEW:
        raise Refused(_("这条投诉已经结束，不能再下发协办任务；需要继续处理请先重开"))
    department = legs.in_use(department)
    legs.checked_handler(department, handler, complaint.pk)
    sentence = _("请写明要部门查什么、答什么")
    question = said(
        question, name="question", most=rules.LONGEST_QUESTION, missing=sentence, least=4
    )
    title = said(title, name="title", most=rules.LONGEST_TITLE) or rules.title_of(question)
    title = Mask(complaint)(title)[: rules.LONGEST_TITLE]  # it goes into lists, clocks, notices
    amount, unit = _limit(department, amount, unit)
    if part not in Part.values:
        raise Invalid(_("请从列表里选择"), part=_("请从列表里选择"))
    chosen = _shown(complaint, shows, files)
    if contact and department.is_outside:
        sentence = _("客户的联系方式不能给外部单位查看")
        raise Invalid(sentence, contact=sentence)
    now = moment.now()
    task = _made(
        Task(
            complaint=complaint,
            department=department,
            handler=handler,
            part=part,
            title=title,
            question=question,
            shows=shows,
            contact=contact,
            template=template,
            amount=amount,
            unit=unit,
            by=by,
            at=now,
        )
    )
    task.files.set(chosen)
    legs.begin(task, by=by, at=now)
    record(What.TASK_SENT, complaint, by=by, **task.facts, part=part)
    return task


def _made(task: Task) -> Task:
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError as error:
        if "one_lead_task" not in str(error):
            raise
        sentence = _("这条投诉已经有主办部门，请改为协办")
        raise Invalid(sentence, part=sentence) from error
    return task


def _limit(department: Department, amount: Decimal | None, unit: str) -> tuple[Decimal, str]:
    if amount is None:
        return department.answer_amount, department.answer_unit
    sentence = _("请填写答复时限，例如 2 个工作日")
    if unit not in Unit.values or not is_amount(float(amount), unit):
        raise Invalid(sentence, amount=sentence)
    if amount > rules.LONGEST_LIMIT:
        raise Invalid(sentence, amount=sentence)
    return amount, unit


def _shown(complaint: Complaint, shows: str, files: Iterable[Evidence]) -> list[Evidence]:
    """The files that go with it: of this complaint, and none that is sensitive."""
    chosen = list(files)
    if shows not in Shows.values:
        raise Invalid(_("请从列表里选择"), shows=_("请从列表里选择"))
    if chosen and shows != Shows.FILES:
        sentence = _("要把文件给部门看，请选择“%(shows)s”") % {"shows": Shows.FILES.label}
        raise Invalid(sentence, shows=sentence)
    for one in chosen:
        if one.complaint_id != complaint.pk:
            raise Invalid(_("所选文件不属于这条投诉"), files=_("所选文件不属于这条投诉"))
        if one.is_sensitive:
            sentence = _("“%(name)s”是敏感证据，不能附给部门") % {"name": one.name}
            raise Invalid(sentence, files=sentence)
    return chosen


def proposals(complaint: Complaint, tasks: Iterable[Task]) -> list[TaskTemplate]:
    """What the handling rule of its category asks for and none of its `tasks` has asked yet."""
    rule = Category.objects.rule_of(complaint.category)
    gone = {task.template_id for task in tasks if task.state != State.CANCELLED}
    asked = TaskTemplate.objects.for_rule(rule, complaint.category)
    return [one for one in asked if one.pk not in gone]


def departments_that_owe(complaint: Complaint) -> list[str]:
    """The departments of its open tasks: they keep it from being closed."""
    asked = complaint.tasks.open().select_related("department")
    return list(dict.fromkeys(task.department.shown_name for task in asked))
