"""Followers that tell both sides of a task: the department what it is asked, us what it said.

Who may see the task is asked when it is told. A letter holds number, title, limit and the address
of the page, and nothing about the customer.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.cooperation.actions.following import task_of
from huiyin.journey.cooperation.models import Task
from huiyin.journey.cooperation.people import leads_of, told_of
from huiyin.journey.routing.people import stand_in, supervisor_on_duty
from huiyin.surface.notices.actions import _tell


def tell_department(event: Event) -> None:
    """Whoever works on it, else whoever is on duty there and its head."""
    task = task_of(event)
    if task is not None:
        _tell(event, told_of(task))


def write_department(event: Event) -> None:
    """The same by mail, when a task comes or is late: a department may not sit before the page."""
    task = task_of(event)
    if task is None:
        return
    for person in told_of(task):
        if person.email and Task.objects.of_department(person).filter(pk=task.pk).exists():
            _write(event, task, person)


def tell_late(event: Event) -> None:
    """Too late: the department, its head, and whoever asked."""
    task = task_of(event)
    if task is not None:
        _tell(event, [*told_of(task), *leads_of(task.department), *_askers(task)])


def tell_asker(event: Event) -> None:
    """Whoever asked, and whoever has the complaint now."""
    task = task_of(event)
    if task is not None:
        _tell(event, _askers(task))


def tell_rulers(event: Event) -> None:
    """A dispute: supervision officers and the duty supervisor of the team."""
    task = task_of(event)
    if task is None:
        return
    officers = User.objects.active().with_role(Role.SUPERVISION)
    supervisor = supervisor_on_duty(task.complaint.team)
    _tell(event, [*officers, *([supervisor] if supervisor else []), *_askers(task)])


def tell_of_talk(event: Event) -> None:
    """A remark within a task: the other side."""
    if not event.facts.get("remark"):
        return
    task = task_of(event)
    remark = task.remarks.filter(pk=event.facts["remark"]).first() if task is not None else None
    if task is None or remark is None:
        return
    _tell(event, told_of(task) if remark.ours else _askers(task), what=_TALKED)


_TALKED = gettext_noop("协办任务有新留言")


def _askers(task: Task) -> Iterable[User]:
    holder = task.complaint.assignee
    people = [task.by, holder, stand_in(holder) if holder is not None else None]
    return [one for one in people if one is not None and one.is_active]


def _write(event: Event, task: Task, person: User) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        clock = task.clock
        due = timezone.localtime(clock.due_at).strftime("%Y-%m-%d %H:%M") if clock else ""
        late = event.what == "task_late"
        number = f"{task.complaint.number}-{task.pk}"
        lines = [
            _("%(name)s，您好：") % {"name": person.name},
            _("协办任务“%(title)s”已经超时，请尽快办理。") % {"title": task.title}
            if late
            else _("您的部门收到一项协办任务：%(title)s") % {"title": task.title},
            _("编号：%(number)s") % {"number": number},
        ]
        if due:
            lines.append(_("时限：%(due)s") % {"due": due})
        lines.append(settings.BASE_URL + reverse("desk:task", args=[task.pk]))
        post_letter(
            task.complaint,
            event=event,
            purpose="task_late" if late else "task_sent",
            recipient=person.email,
            subject=_("协办任务 %(number)s") % {"number": number},
            body="\n\n".join(lines),
        )
