"""The panel of tasks on the complaint page, and every act on a task for whoever has signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.privacy import actions as privacy
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.views import served
from huiyin.journey.cooperation import actions, forms, rules, shown
from huiyin.journey.cooperation.models import Link, MoreTime, Task, TaskTemplate
from huiyin.journey.cooperation.people import DEPARTMENT_ROLES, colleagues
from huiyin.journey.cooperation.permissions import can_see_contact, can_send, sees_complaint
from huiyin.journey.cooperation.words import Part, Shows

MOST_SHOWN = 40


def panel(request: HuiyinRequest, complaint: Complaint) -> dict[str, Any] | None:
    """The tasks of this complaint, and those that its handling rule asks for; None without both."""
    may_send = complaint.is_open and can_send(request.user, complaint)
    tasks = list(
        complaint.tasks.select_related(
            "department__head",
            "department__deputy_head",
            "handler",
            "by",
            "leg__sign_clock",
            "leg__clock",
            "leg__owner",
        ).order_by("-pk")[:MOST_SHOWN]
    )
    if not tasks and not may_send:
        return None
    now = moment.now()
    for task in tasks:
        task.complaint = complaint
    return {
        "complaint": complaint,
        "tasks": [(task, task.is_late(now), _last_answer(task)) for task in tasks],
        "open": sum(task.is_open for task in tasks),
        "late": sum(task.is_late(now) for task in tasks),
        "may_send": may_send,
        "proposals": _proposed(complaint, tasks) if may_send else [],
    }


def _proposed(complaint: Complaint, tasks: list[Task]) -> list[tuple[TaskTemplate, Any]]:
    """Each template with the department that it names, where the house has such a one."""
    templates = actions.proposals(complaint, tasks)
    codes = {one.department_code for one in templates} - {""}
    there = Department.objects.in_use().filter(code__in=codes) if codes else []
    departments = {one.code: one for one in there}
    return [(one, departments.get(one.department_code)) for one in templates]


def _last_answer(task: Task) -> Any:
    """What was answered last, read only where there is something."""
    answered = task.leg is not None and task.leg.answered_at is not None
    return task.answers.prefetch_related("files").last() if answered else None


def _complaint(request: HuiyinRequest, number: str) -> Complaint:
    visible = Complaint.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("team", "assignee"), number=number)


def found(request: HuiyinRequest, pk: int) -> Task:
    """The task, if this person sees it on either side; 404 otherwise."""
    return get_object_or_404(Task.objects.visible_to(request.user).with_all(), pk=pk)


def acted(request: HuiyinRequest, task: Task, sentence: str) -> HttpResponse:
    """An act went well. Whoever no longer has the task goes back to his list."""
    if Task.objects.visible_to(request.user).filter(pk=task.pk).exists():
        return changed(sentence)
    messages.success(request, sentence)
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("desk:list")})


# --- asking ---------------------------------------------------------------------------------------


@login_required
@require_GET
def asking(request: HuiyinRequest, number: str) -> HttpResponse:
    """The form of a new task, filled from a template when one is named."""
    complaint = _complaint(request, number)
    can_send.require(request.user, complaint)
    pk = forms.number(request.GET.get("template", ""))
    template = get_object_or_404(TaskTemplate.objects.in_use(), pk=pk) if pk else None
    departments = list(Department.objects.in_use().select_related("head", "duty"))
    code = template.department_code if template else ""
    context = {
        "complaint": complaint,
        "template": template,
        "departments": sorted(departments, key=lambda one: (one.is_outside, one.code)),
        "chosen": next((one for one in departments if one.code == code), None),
        "parts": Part.choices,
        "shows": Shows.choices,
        "units": Unit.choices,
        "evidence": [one for one in complaint.evidence.all()[:60] if not one.is_sensitive],
        "has_lead": complaint.tasks.open().filter(part=Part.LEAD).exists(),
    }
    return render(request, "cooperation/asking.html", context)


@login_required
@require_POST
def tasks(request: HuiyinRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number)
    asked = forms.asked(complaint, request.POST.dict(), request.POST.getlist("files"))
    task = actions.send(complaint, by=request.user, **asked)
    return changed(_("已下发给 %(name)s") % {"name": task.department.shown_name})


@login_required
@require_GET
def people(request: HuiyinRequest) -> HttpResponse:
    """Whom a task of the chosen department can be given to: options of a select."""
    department = forms.department_of(request.GET.get("department", ""))
    asks = request.user.has_role(*DEPARTMENT_ROLES) or request.GET.get("department")
    found = colleagues(department) if department is not None and asks else []
    context = {"people": found, "department": department}
    return render(request, "cooperation/people.html", context)


# --- the department -----------------------------------------------------------------------------


@login_required
@require_POST
def signing(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.sign(task, by=request.user)
    return acted(request, task, _("已签收，请按时答复"))


@login_required
@require_POST
@transaction.atomic
def answers(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.answer(
        task,
        by=request.user,
        text=request.POST.get("text", ""),
        uploads=request.FILES.getlist("files"),
    )
    return acted(request, task, _("已答复"))


@login_required
@require_POST
def returning(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.give_back(
        task,
        by=request.user,
        reason=request.POST.get("reason", ""),
        owner=forms.department_of(request.POST.get("owner", "")),
    )
    return acted(request, task, _("已退回给下发人"))


@login_required
@require_POST
def disputing(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.dispute(
        task,
        by=request.user,
        reason=request.POST.get("reason", ""),
        owner=forms.department_of(request.POST.get("owner", "")),
    )
    return acted(request, task, _("已提出争议，等督办员或主管裁定"))


@login_required
@require_POST
def handing(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    to = forms.person_of(request.POST.get("to", ""))
    actions.hand(task, by=request.user, to=to, reason=request.POST.get("reason", ""))
    return acted(request, task, _("已交给 %(name)s") % {"name": task.handler})


@login_required
@require_POST
def forwarding(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.forward(
        task,
        by=request.user,
        department=forms.department_of(request.POST.get("department", "")),
        reason=request.POST.get("reason", ""),
    )
    return acted(request, task, _("已转给 %(name)s") % {"name": task.department.shown_name})


@login_required
@require_POST
def more_time(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.ask_more_time(
        task,
        by=request.user,
        amount=forms.amount_of(request.POST.get("amount", "")),
        reason=request.POST.get("reason", ""),
    )
    return acted(request, task, _("已申请延期，等下发人决定"))


@login_required
@require_POST
def contact(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The customer's contact points, once, with a reason that stays on record."""
    task = found(request, pk)
    can_see_contact.require(request.user, task)
    customer = task.complaint.customer
    privacy.reveal(
        customer,
        by=request.user,
        reason=request.POST.get("reason", ""),
        complaint_number=task.complaint.number,
    )
    context = {"customer": customer, "points": list(customer.contact_points.all())}
    answer = render(request, "cooperation/contact.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


# --- our side -----------------------------------------------------------------------------------


@login_required
@require_POST
def acceptance(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.accept(task, by=request.user, note=request.POST.get("note", ""))
    return acted(request, task, _("已采纳，任务办结"))


@login_required
@require_POST
def redoing(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.redo(
        task,
        by=request.user,
        reason=request.POST.get("reason", ""),
        amount=forms.amount_of(request.POST.get("amount", "")),
        unit=request.POST.get("unit", ""),
    )
    return acted(request, task, _("已退回部门重办"))


@login_required
@require_POST
def sending_on(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.send_on(
        task,
        by=request.user,
        department=forms.department_of(request.POST.get("department", "")),
        reason=request.POST.get("reason", ""),
    )
    return acted(request, task, _("已改派给 %(name)s") % {"name": task.department.shown_name})


@login_required
@require_POST
def ruling(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.rule(
        task,
        by=request.user,
        department=forms.department_of(request.POST.get("department", "")),
        reason=request.POST.get("reason", ""),
    )
    return acted(request, task, _("已裁定由 %(name)s 办理") % {"name": task.department.shown_name})


@login_required
@require_POST
def time_decision(request: HuiyinRequest, pk: int, request_pk: int) -> HttpResponse:
    task = found(request, pk)
    asked = get_object_or_404(MoreTime.objects.select_related("clock"), task=task, pk=request_pk)
    asked.task = task
    granted = request.POST.get("granted") == "1"
    actions.decide_more_time(
        asked, by=request.user, granted=granted, note=request.POST.get("note", "")
    )
    return acted(request, task, _("已同意延期") if granted else _("已拒绝延期"))


@login_required
@require_POST
def cancelling(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.cancel(task, by=request.user, reason=request.POST.get("reason", ""))
    return acted(request, task, _("已撤销任务"))


@login_required
@require_POST
def links(request: HuiyinRequest, pk: int) -> HttpResponse:
    """A link for somebody without an account; its address is shown this once."""
    task = found(request, pk)
    link, address = actions.issue(
        task,
        by=request.user,
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        days=forms.number(request.POST.get("days", "")) or 0,
        language=request.POST.get("language", ""),
    )
    context = {"link": link, "address": address, "task": task}
    answer = render(request, "cooperation/link.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def link_removal(request: HuiyinRequest, pk: int, link_pk: int) -> HttpResponse:
    task = found(request, pk)
    link = get_object_or_404(Link.objects.select_related("task__complaint"), task=task, pk=link_pk)
    actions.revoke(link, by=request.user)
    return acted(request, task, _("链接已作废"))


# --- both ----------------------------------------------------------------------------------------


@login_required
@require_POST
def remarks(request: HuiyinRequest, pk: int) -> HttpResponse:
    task = found(request, pk)
    actions.remark(task, by=request.user, text=request.POST.get("text", ""))
    return changed(_("已留言"))


@login_required
@require_GET
def file(request: HuiyinRequest, pk: int, uuid: UUID) -> HttpResponseBase:
    """A file that belongs to the task, to whoever sees the task and may see the file."""
    task = found(request, pk)
    theirs = not sees_complaint(request.user, task)
    one = file_of(task, uuid, theirs=theirs)
    conversation.opened(one, by=request.user)
    return served(one)


def file_of(task: Task, uuid: UUID, *, theirs: bool) -> Evidence:
    allowed = [one.pk for one in shown.files_for(task, theirs=theirs)]
    return get_object_or_404(Evidence, uuid=uuid, pk__in=allowed)


def choices(task: Task) -> dict[str, Any]:
    """What the dialogs of a task's page offer."""
    departments = Department.objects.in_use().exclude(pk=task.department_id)
    others = [one for one in colleagues(task.department) if one.pk != task.handler_id]
    return {
        "departments": departments,
        "colleagues": others,
        "units": Unit.choices,
        "days": rules.LINK_DAYS,
        "links": task.links.filter(leg=task.leg, revoked_at=None, expires_at__gt=moment.now()),
    }
